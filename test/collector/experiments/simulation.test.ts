/** A small piece, with a fixed seed, of what `npm run experiments` simulates: false claims stay below what is promised. */
import { claims } from '../../simulation/experiment-tables.ts';
import { makeRandom, runExperiment, runSplit } from '../../simulation/experiments.ts';
import { NULL_WORLDS } from '../../simulation/experiment-worlds.ts';
import { falseAlarmBound } from '../../simulation/verdicts.ts';

const RUNS = 40;

test.each(NULL_WORLDS)('without a difference hardly anything is claimed: $name', (world) => {
  const found = claims({ ...world, keys: Math.min(world.keys, 1500) }, RUNS, 7);
  expect(found.exact / RUNS).toBeLessThanOrEqual(falseAlarmBound(0.05, RUNS));
  expect(found.asymptotic / RUNS).toBeLessThanOrEqual(falseAlarmBound(0.05, RUNS));
  expect(found.expiry / RUNS).toBeLessThanOrEqual(falseAlarmBound(0.01, RUNS));
  expect(found.sampleRatio).toBe(0);
});

test('the same worlds make a plain test on predictions claim far too much', () => {
  const [, correlated, ramp] = NULL_WORLDS;
  for (const world of [correlated, ramp]) {
    if (world === undefined) throw new Error('no such world');
    expect(claims({ ...world, keys: 1500 }, RUNS, 7).zTest / RUNS).toBeGreaterThan(0.5);
  }
});

test('a difference is found: 5 points of accuracy within 4,000 keys, also where keys repeat', () => {
  const random = makeRandom(3);
  for (const shape of [{}, { predictions: 20, correlation: 0.2 }]) {
    const found = Array.from({ length: 15 }, () =>
      runExperiment({ name: 'better', keys: 4000, effect: 0.05, ...shape }, random),
    );
    expect(found.filter(({ exact }) => exact !== undefined).length).toBeGreaterThanOrEqual(12);
  }
});

test('an arm that loses one key in twenty is found within 100,000', () => {
  const random = makeRandom(4);
  const found = Array.from({ length: 20 }, () => runSplit(0.05, 0.5, 100_000, random));
  expect(found.filter((keys) => keys !== undefined).length).toBeGreaterThanOrEqual(19);
  expect(Array.from({ length: 20 }, () => runSplit(0, 0.5, 100_000, random))).toEqual(Array(20).fill(undefined));
});
