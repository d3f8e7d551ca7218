/** Options, keys and epochs that are wrong are named, and change nothing. */
import { createComparison } from '../../../collector/src/experiments/comparison.ts';
import { evenly, judged } from './support/keys.ts';

const twoArms = { task: 'classification', control: 'a', arms: ['b'] } as const;

test.each([
  ['no arm', { ...twoArms, arms: [] }, /^arms: /],
  ['the control as an arm', { ...twoArms, arms: ['a'] }, /^arms: /],
  ['a metric of another task', { ...twoArms, metric: 'mae' as const }, /^metric: expected accuracy or f1_weighted/],
  [
    'a regression by accuracy',
    { ...twoArms, task: 'regression' as const, metric: 'accuracy' as const },
    /^metric: expected mae/,
  ],
  ['alpha', { ...twoArms, alpha: 0 }, /^alpha: /],
])('options that are wrong are named: %s', (_, options, message) => {
  expect(() => createComparison(options)).toThrow(
    expect.objectContaining({ code: 'invalid_request', message: expect.stringMatching(message) }),
  );
});

test.each([
  ['an epoch nobody declared', { epoch: 7 }, /^epoch: /],
  ['no prediction', { predictions: 0 }, /^predictions: /],
  ['more labels than predictions', { expired: 1 }, /^predictions: /],
  ['half a label', { outcomes: [{ actual: 'a', predicted: 'a', count: 0.5 }] }, /^outcomes.count: /],
  ['a negative duration', { durations: [-1] }, /^durations: /],
])('keys that are wrong are named and change nothing: %s', (_, rest, message) => {
  const comparison = evenly();
  const before = comparison.read();
  expect(() => comparison.addKey(judged('b', true, 1, rest))).toThrow(
    expect.objectContaining({ code: 'invalid_request', message: expect.stringMatching(message) }),
  );
  expect(comparison.read()).toEqual(before);
});

test('epochs come in their order', () => {
  const comparison = evenly();
  for (const epoch of [1, 0, 1.5])
    expect(() => comparison.addEpoch({ epoch, shares: [] })).toThrow(
      expect.objectContaining({ code: 'invalid_request' }),
    );
});
