/** Guardrails and bandits: what they find, and what they refuse. */
import { banditWeights } from '../../../collector/src/experiments/bandit.ts';
import { createComparison, type Comparison } from '../../../collector/src/experiments/comparison.ts';
import type { Guardrail } from '../../../collector/src/experiments/guardrail.ts';
import { evenly, judged, key } from './support/keys.ts';

/** Pairs of keys: a right in 16 of 20, 0.1 to 0.2 s, never failing; b right in 12 of 20, twice as slow, failing in 2 of 20. */
function guarded(pairs: number): Comparison {
  const comparison = evenly();
  for (let pair = 0; pair < pairs; pair++) {
    const seconds = 0.1 + 0.005 * ((pair * 7) % 20);
    comparison.addKey(judged('a', pair % 20 < 16, pair, { durations: [seconds] }));
    comparison.addKey(judged('b', pair % 20 < 12, pair, { durations: [2 * seconds], failed: Number(pair % 20 < 2) }));
  }
  return comparison;
}

const many = guarded(3000);
const few = guarded(10);

test.each<readonly [Guardrail, boolean, number]>([
  [{ metric: 'accuracy', limit: 0.7 }, true, 0.6],
  [{ metric: 'accuracy', limit: 0.5 }, false, 0.6],
  [{ metric: 'accuracy', margin: 0.1 }, true, -0.2],
  [{ metric: 'accuracy', margin: 0.25 }, false, -0.2],
  [{ metric: 'f1_weighted', limit: 0.75 }, true, 0.6],
  [{ metric: 'f1_weighted', limit: 0.4 }, false, 0.6],
  [{ metric: 'f1_weighted', margin: 0.05 }, true, -0.2],
  [{ metric: 'error_rate', limit: 0.05 }, true, 0.1],
  [{ metric: 'error_rate', limit: 0.15 }, false, 0.1],
  [{ metric: 'error_rate', margin: 0.02 }, true, 0.1],
  [{ metric: 'error_rate', margin: 0.2 }, false, 0.1],
  [{ metric: 'latency_p95', limit: 0.3 }, true, 0.38],
  [{ metric: 'latency_p95', limit: 0.4 }, false, 0.38],
  [{ metric: 'latency_p50', margin: 1.5 }, true, 2],
  [{ metric: 'latency_p99', margin: 2.5 }, false, 2],
])('%j: breached %s', (guardrail, breached, value) => {
  const reading = many.guard('b', guardrail);
  expect([reading.breached, reading.version, reading.metric]).toEqual([breached, 'b', guardrail.metric]);
  expect(Math.abs((reading.value as number) - value)).toBeLessThan(0.03);
  expect(reading.low as number).toBeLessThanOrEqual(reading.high as number);
  expect(reading.reason).toContain(`${guardrail.metric} of b`);
  // Ten keys an arm look the same and are proof of nothing.
  expect(few.guard('b', guardrail).breached).toBe(false);
});

test('F1 and MAE are not judged below 500 keys', () => {
  expect(few.guard('b', { metric: 'f1_weighted', limit: 0.99 })).toMatchObject({
    breached: false,
    low: null,
    high: null,
  });
});

test('a MAE is judged by itself and against the control', () => {
  const comparison = createComparison({ task: 'regression', control: 'a', arms: ['b'] });
  comparison.addEpoch({
    epoch: 1,
    shares: [
      { version: 'a', weight: 1 },
      { version: 'b', weight: 1 },
    ],
  });
  for (let pair = 0; pair < 1000; pair++) {
    comparison.addKey(key('a', 0, 1 + (pair % 3)));
    comparison.addKey(key('b', 0, 2 + (pair % 3)));
  }
  const breached = (guardrail: Guardrail) => comparison.guard('b', guardrail).breached;
  expect([
    breached({ metric: 'mae', limit: 2.5 }),
    breached({ metric: 'mae', limit: 3.5 }),
    breached({ metric: 'mae', margin: 0.5 }),
    breached({ metric: 'mae', margin: 1.5 }),
  ]).toEqual([true, false, true, false]);
});

test('the control is judged by a limit, and not against itself', () => {
  expect(many.guard('a', { metric: 'accuracy', limit: 0.9 }).breached).toBe(true);
  expect(() => many.guard('a', { metric: 'accuracy', margin: 0.1 })).toThrow(
    expect.objectContaining({ code: 'invalid_request' }),
  );
});

test.each<readonly [string, object, RegExp]>([
  ['both bounds', { metric: 'accuracy', limit: 0.5, margin: 0.1 }, /^guardrail: expected either limit or margin/],
  ['no bound', { metric: 'accuracy' }, /^guardrail: expected either limit or margin/],
  ['an unknown metric', { metric: 'speed', limit: 1 }, /^guardrail.metric: /],
  ['a metric of another task', { metric: 'mae', limit: 1 }, /^guardrail.metric: /],
  ['NaN', { metric: 'accuracy', limit: Number.NaN }, /^guardrail.limit: /],
  ['a factor below 1', { metric: 'latency_p95', margin: 0.5 }, /^guardrail.margin: expected a number from 1/],
  ['alpha', { metric: 'accuracy', limit: 0.5, alpha: 1 }, /^guardrail.alpha: /],
])('a guardrail that is wrong is named: %s', (_, guardrail, message) => {
  expect(() => many.guard('b', guardrail as Guardrail)).toThrow(
    expect.objectContaining({ code: 'invalid_request', message: expect.stringMatching(message) }),
  );
});

test('a bandit gives new keys to the arm that is probably best, and no arm less than the floor', () => {
  const beliefs = many.beliefs();
  if (beliefs === undefined) throw new Error('no beliefs');
  expect(banditWeights(beliefs).map(({ weight }) => weight)).toEqual([expect.closeTo(0.95), expect.closeTo(0.05)]);
  const even = banditWeights(
    ['x', 'y', 'z'].map((version) => ({ version, belief: { kind: 'share', successes: 0, failures: 0 } })),
  );
  for (const { weight } of even) expect(weight).toBeCloseTo(1 / 3, 6);
  expect(() => banditWeights(beliefs, { floor: 0.6 })).toThrow(
    expect.objectContaining({ code: 'invalid_request', message: 'floor: expected a number from 0 to 1/2' }),
  );
});

test('where no labels are known there are beliefs of a share and none of an error', () => {
  expect(evenly().beliefs()).toHaveLength(2);
  expect(createComparison({ task: 'regression', control: 'a', arms: ['b'] }).beliefs()).toBeUndefined();
});
