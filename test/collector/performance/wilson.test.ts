/** Wilson's interval where there is nothing, one, all alike or no number; effective trials of a mean. */
import { measuredProportion, wilsonInterval, wilsonOfMean } from '../../../collector/src/performance/wilson.ts';

test('of nothing everything is possible; a proportion of nothing is not measured', () => {
  expect(wilsonInterval(0, 0)).toEqual({ low: 0, high: 1 });
  expect(measuredProportion(0, 0)).toEqual({ value: null, n: 0, low: null, high: null });
});

test('all right and all wrong leave a width, also of one', () => {
  expect(wilsonInterval(1, 1)).toEqual({ low: expect.closeTo(0.20654931, 8), high: 1 });
  expect(wilsonInterval(0, 1)).toEqual({ low: 0, high: expect.closeTo(0.79345069, 8) });
});

test('no number in, no number out', () => {
  expect(wilsonInterval(Number.NaN, 10)).toEqual({ low: Number.NaN, high: Number.NaN });
  expect(wilsonInterval(1, Number.NaN)).toEqual({ low: Number.NaN, high: Number.NaN });
});

test('the mean of zeros and ones is a proportion', () => {
  const { low, high } = wilsonOfMean(0.3, (0.3 * 0.7) / 50, 50);
  expect(low).toBeCloseTo(wilsonInterval(15, 50).low, 12);
  expect(high).toBeCloseTo(wilsonInterval(15, 50).high, 12);
});

test.each([
  ['all alike', 0.4, 0],
  ['a variance that is no number', 0.4, Number.NaN],
  ['all 0', 0, 0],
  ['all 1', 1, 0],
])('%s: as many coin flips, never of zero width', (_name, value, variance) => {
  const { low, high } = wilsonOfMean(value, variance, 20);
  const flips = wilsonInterval(value * 20, 20);
  expect([low, high]).toEqual([flips.low, flips.high]);
  expect(high - low).toBeGreaterThan(0.1);
});

test('less variance than coin flips: narrower', () => {
  const { low, high } = wilsonOfMean(0.5, 1e-6, 100);
  expect([low, high]).toEqual([expect.closeTo(0.5 - 0.00196, 5), expect.closeTo(0.5 + 0.00196, 5)]);
});

test('a variance next to the smallest double: as narrow as doubles are, and no NaN', () => {
  const { low, high } = wilsonOfMean(0.5, 5e-324, 2);
  expect([low, high]).toEqual([expect.closeTo(0.5, 7), expect.closeTo(0.5, 7)]);
  expect(low).toBeLessThanOrEqual(0.5);
  expect(high).toBeGreaterThanOrEqual(0.5);
});
