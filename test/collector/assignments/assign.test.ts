/** Where the service sends a key, and what it says of it. */
import { assign, toRunning } from '../../../collector/src/assignments/assign.ts';
import type { StoredExperiment } from '../../../collector/src/assignments/experiment-store.ts';
import { allocate, BUCKETS } from '../../../collector/src/experiments/allocation.ts';
import { untyped } from '../support/core.ts';

test('the propensity of a version is its share of the buckets, as the SDK computes it, whatever its weight was rounded from', () => {
  const weights = { a: 1 / 3, b: 1 / 3, c: 1 / 3 };
  const ranges = allocate(Object.entries(weights).map(([version, weight]) => ({ version, weight })));
  const experiment = untyped<StoredExperiment>({
    ...{ model: 'churn', name: 'blue', salt: 's', rules: { mode: 'weights', shadows: [] } },
    epoch: { number: 1, weights, ranges, since: 0 },
  });
  const sent = ranges.map(({ start }) =>
    assign(experiment, { model: 'churn', production: null }, undefined, () => (start + 0.5) / BUCKETS),
  );
  expect(sent.map(({ version, experiment: told }) => [version, told?.propensity])).toEqual([
    ['a', 0.3334],
    ['b', 0.3333],
    ['c', 0.3333],
  ]);
  expect(toRunning(experiment)?.allocation).toEqual(ranges);
});
