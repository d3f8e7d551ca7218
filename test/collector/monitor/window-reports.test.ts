/** What a window says beside its verdict: against the window before, lasting or not, dependent rows, faults, by time. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { profileReference } from '../../../collector/src/index.ts';
import { TestCore } from '../support/core.ts';

const WINDOW = 200;
/** 1,000 rows without order: neighbours say nothing about each other. */
const generator = xoroshiro128plus(5);
const random = Array.from({ length: 1_000 }, () => uniformFloat64(generator));
const scattered = (index: number, shift = 0) => (random[index] as number) + shift;
const plan = (index: number) => ['basic', 'plus', 'pro'][Math.floor((random[999 - index] as number) * 3)] as string;
const reference = profileReference(
  Array.from({ length: 1_000 }, (_, index) => ({ load: scattered(index), plan: plan(index) })),
);

function record(
  monitor: TestCore,
  rows: number,
  features: (index: number) => Record<string, number | string | null>,
): void {
  for (let index = 0; index < rows; index++) {
    monitor.core.recordPrediction({ prediction: 'a', features: features(index) });
    monitor.now += 1_000;
  }
  monitor.settle();
}

const usual = (index: number) => ({ load: scattered(index), plan: plan(index) });
const shifted = (index: number) => ({ load: scattered(index, 0.4), plan: plan(index) });

test('against the window before: a step shows once, against the reference it stays; lasting takes two of three', () => {
  const monitor = new TestCore({ reference, window: WINDOW });
  record(monitor, WINDOW, usual);
  record(monitor, 2 * WINDOW, shifted);
  expect(monitor.windows.map(({ verdict }) => verdict)).toEqual(['stable', 'drifted', 'drifted']);
  expect(monitor.windows.map(({ previous }) => previous?.verdict)).toEqual([undefined, 'drifted', 'stable']);
  expect(monitor.windows.map(({ lasting }) => lasting.verdict)).toEqual(['stable', 'stable', 'drifted']);
  expect(monitor.core.drift()).toMatchObject({ lasting: { verdict: 'drifted', drifted: 2, windows: 3 } });
  expect(monitor.core.drift().previous?.features.map(({ feature }) => feature)).toEqual(['load', 'plan']);
});

test('rows that depend on those before them are told', () => {
  const monitor = new TestCore({ reference, window: WINDOW });
  record(monitor, WINDOW, usual);
  record(monitor, WINDOW, (index) => ({ load: Math.sin(index / 20), plan: index < 100 ? 'basic' : 'plus' }));
  const dependent = monitor.windows.map(({ features }) => features.map(({ serial }) => serial.dependent));
  expect(dependent).toEqual([
    [false, false],
    [true, true],
  ]);
});

test('faults stand against the reference, and a value that hangs is told', () => {
  const monitor = new TestCore({ reference, window: WINDOW, features: { load: { min: 0, max: 2 } } });
  record(monitor, WINDOW, (index) => ({
    load: index % 10 === 0 ? null : 0.5,
    plan: index % 4 === 0 ? 'gold' : plan(index),
  }));
  const [load, category] = monitor.windows[0]?.features ?? [];
  expect(load?.quality.constant).toBe(true);
  // 180 of the 200 rows held a value, and the same one.
  expect(monitor.value('invalid', { feature: 'load', reason: 'constant' })).toBe(180);
  expect(monitor.value('invalid', { feature: 'plan', reason: 'constant' })).toBe(0);
  expect(load?.quality.faults.find(({ fault }) => fault === 'missing')).toMatchObject({
    count: 20,
    rate: 0.1,
    reference_rate: 0,
    worse: true,
  });
  expect(load?.quality.faults.filter(({ worse }) => worse).map(({ fault }) => fault)).toEqual(['missing']);
  expect(category?.quality).toMatchObject({ constant: false });
  expect(category?.quality.faults.filter(({ worse }) => worse).map(({ fault }) => fault)).toEqual(['unseen']);
});

test('a window closes by time too: with the next prediction, or when somebody asks', () => {
  const monitor = new TestCore({ reference, window: 1_000, windowSeconds: 150, drift: { minimum: 50 } });
  record(monitor, 180, usual);
  expect(monitor.windows.map(({ start, end }) => [start, end])).toEqual([[0, 150]]);
  monitor.now += 150_000;
  monitor.core.store.collect();
  expect(monitor.windows.map(({ start, end }) => [start, end])).toEqual([
    [0, 150],
    [150, 180],
  ]);
  expect(monitor.windows[1]?.verdict).toBe('insufficient_data');
});
