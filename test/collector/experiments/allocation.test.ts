/** Weights, ranges and ramps that are wrong are named; ramps say what is due. */
import { allocate, BUCKETS, versionAt } from '../../../collector/src/experiments/allocation.ts';
import { nextStepAt, weightsAt } from '../../../collector/src/experiments/ramp.ts';

const half = [{ version: 'b', start: 0, end: BUCKETS / 2 }];

test.each([
  ['no version', [], [], 'weights: no version has a weight above 0'],
  ['all weights 0', [{ version: 'a', weight: 0 }], [], 'weights: no version has a weight above 0'],
  ['a negative weight', [{ version: 'a', weight: -1 }], [], 'weights[0].weight: -1 of "a" is no number from 0'],
  ['NaN', [{ version: 'a', weight: Number.NaN }], [], 'weights[0].weight: NaN of "a" is no number from 0'],
  ['infinity', [{ version: 'a', weight: Infinity }], [], 'weights[0].weight: Infinity of "a" is no number from 0'],
  ['no name', [{ version: '', weight: 1 }], [], 'weights[0].version: "" is no name'],
  [
    'a name twice',
    [
      { version: 'a', weight: 1 },
      { version: 'a', weight: 1 },
    ],
    [],
    'weights[1].version: "a" is there twice',
  ],
  ['ranges that end early', [{ version: 'a', weight: 1 }], half, 'allocation: ends at 5000, not at 10000'],
  [
    'ranges with a gap',
    [{ version: 'a', weight: 1 }],
    [...half, { version: 'a', start: 6000, end: BUCKETS }],
    'allocation[1]: expected buckets from 5000 on, got 6000 to 10000',
  ],
])('%s', (_, shares, previous, message) => {
  expect(() => allocate(shares, previous)).toThrow(expect.objectContaining({ code: 'invalid_request', message }));
});

test('beyond the buckets there is no version', () => {
  const ranges = allocate([{ version: 'a', weight: 1 }]);
  expect([versionAt(ranges, 0), versionAt(ranges, 9999), versionAt(ranges, 10_000), versionAt([], 0)]).toEqual([
    'a',
    'a',
    undefined,
    undefined,
  ]);
});

const ramp = [
  { at: 1000, shares: [{ version: 'a', weight: 99 }] },
  { at: 2000, shares: [{ version: 'a', weight: 50 }] },
];

test('a ramp has the weights of the last step whose time has come', () => {
  expect([999, 1000, 1999, 2000, 9e15].map((now) => weightsAt(ramp, now)?.[0]?.weight)).toEqual([
    undefined,
    99,
    99,
    50,
    50,
  ]);
  expect([0, 1000, 1999, 2000].map((now) => nextStepAt(ramp, now))).toEqual([1000, 2000, 2000, undefined]);
  expect(weightsAt([], 5)).toBeUndefined();
});

test('steps out of order are named', () => {
  for (const at of [1000, 500, Number.NaN])
    expect(() => weightsAt([ramp[0] as (typeof ramp)[0], { at, shares: [] }], 0)).toThrow(
      expect.objectContaining({
        code: 'invalid_request',
        message: 'ramp[1].at: expected a time after the step before',
      }),
    );
});
