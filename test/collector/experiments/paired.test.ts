/** Paired differences of lists: what is counted, and what is refused; the numbers are in golden.test.ts. */
import {
  pairedDifference,
  pairedDifferenceOf,
  pairedErrorDifference,
} from '../../../collector/src/experiments/paired.ts';

test('rows are counted by who got them right', () => {
  const a = [true, true, true, false, false, true];
  const b = [true, false, false, true, false, false];
  const counted = pairedDifference(a, b);
  expect(counted).toMatchObject({ both: 1, onlyA: 3, onlyB: 1, neither: 1, difference: { n: 6, method: 'inversion' } });
  expect(counted.difference.value).toBeCloseTo(1 / 3);
  expect(counted.pValue).toBeCloseTo(0.625);
  expect(pairedDifference(b, a).difference.low).toBeCloseTo(-(counted.difference.high as number), 10);
});

test('no row is no difference; rows that are all alike have an interval all the same', () => {
  expect(pairedDifference([], [])).toMatchObject({ difference: { value: null, n: 0 }, pValue: 1, midP: 1 });
  const alike = pairedDifferenceOf({ both: 96, onlyA: 0, onlyB: 0, neither: 4 }).difference;
  expect(alike.value).toBe(0);
  expect(alike.low).toBeCloseTo(-0.037, 3);
  expect(alike.high).toBeCloseTo(0.037, 3);
});

test('errors: one row has no interval, equal differences no p', () => {
  expect(pairedErrorDifference([], [])).toMatchObject({ difference: { value: null }, pValue: null });
  expect(pairedErrorDifference([3], [1])).toEqual({
    difference: { value: 2, n: 1, low: null, high: null },
    pValue: null,
  });
  expect(pairedErrorDifference([3, 4], [1, 2])).toMatchObject({
    difference: { value: 2, low: 2, high: 2 },
    pValue: null,
  });
});

test.each<readonly [string, () => unknown, string]>([
  ['another length', () => pairedDifference([true], []), 'b: expected as many rows as a, 1, not 0'],
  ['no list', () => pairedDifference(null as never, []), 'a: expected a list'],
  ['no truth', () => pairedDifference([1 as never], [true]), 'row 0: expected true or false of both'],
  ['a negative error', () => pairedErrorDifference([1], [-1]), 'row 0: expected an absolute error, a number from 0'],
  ['NaN', () => pairedErrorDifference([Number.NaN], [1]), 'row 0: expected an absolute error, a number from 0'],
  [
    'half a row',
    () => pairedDifferenceOf({ both: 0.5, onlyA: 0, onlyB: 0, neither: 0 }),
    'both: expected a whole number from 0',
  ],
])('what is wrong is named: %s', (_, call, message) => {
  expect(call).toThrow(expect.objectContaining({ code: 'invalid_request', message }));
});
