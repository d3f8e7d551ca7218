/** Rows that follow each other: how much they depend, and how few independent rows they are worth. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { categoricalDependence, serialDependence } from '../../../collector/src/drift/autocorrelation.ts';

function autoregression(size: number, memory: number, seed = 1): number[] {
  const generator = xoroshiro128plus(seed);
  let last = 0;
  return Array.from({ length: size }, () => (last = memory * last + uniformFloat64(generator) - 0.5));
}

test('nothing, one, two and a constant say nothing', () => {
  const unknown = { lag1: null, effective: null, dependent: false };
  expect(serialDependence([])).toEqual({ ...unknown, n: 0, runs: 0 });
  expect(serialDependence([3])).toEqual({ ...unknown, n: 1, runs: 1 });
  expect(serialDependence([3, 4])).toEqual({ ...unknown, n: 2, runs: 2 });
  expect(serialDependence(new Array<number>(500).fill(0.1))).toEqual({ ...unknown, n: 500, runs: 1 });
  expect(categoricalDependence([])).toEqual({ ...unknown, n: 0, runs: 0 });
  expect(categoricalDependence([2, 2, 2, 2])).toEqual({ ...unknown, n: 4, runs: 1 });
});

test('what is no number is left out', () => {
  const rows = [1, 2, 4, 3, 1, 5];
  const holes = [NaN, 1, 2, Infinity, 4, '7' as unknown as number, 3, 1, 5, -Infinity];
  expect(serialDependence(holes)).toEqual(serialDependence(rows));
  expect(categoricalDependence([-1, 1, 2, 0.5, 4, NaN, 3, 1, 5])).toEqual(categoricalDependence(rows));
});

test('an autoregression of 0.8 is worth about a ninth of its rows, and is warned of', () => {
  const reading = serialDependence(autoregression(20_000, 0.8));
  expect(reading.lag1).toBeCloseTo(0.8, 1);
  expect((reading.effective as number) / 20_000).toBeCloseTo(1 / 9, 1);
  expect(reading.dependent).toBe(true);
});

test('independent rows are not warned of, and alternating ones count no more than they are', () => {
  for (let seed = 1; seed <= 200; seed++) {
    expect(serialDependence(autoregression(100, 0, seed)).dependent).toBe(false);
  }
  const alternating = serialDependence(Array.from({ length: 100 }, (_, index) => index % 2));
  expect(alternating).toMatchObject({ effective: 100, runs: 100, dependent: false });
  expect(alternating.lag1).toBeLessThan(-0.9);
});

test('a trend, and numbers of any size', () => {
  const trend = serialDependence(Array.from({ length: 1000 }, (_, index) => index));
  expect(trend.dependent).toBe(true);
  const rows = autoregression(500, 0.5);
  const { lag1 } = serialDependence(rows);
  for (const factor of [1e300, 1e-300]) {
    expect(serialDependence(rows.map((value) => value * factor)).lag1).toBeCloseTo(lag1 as number, 12);
  }
});

test('categories: two of them as the numbers 0 and 1, blocks are dependent, shuffled ones are not', () => {
  const codes = autoregression(5000, 0.7).map((value) => Number(value > 0));
  const [asCodes, asNumbers] = [categoricalDependence(codes), serialDependence(codes)];
  expect(asCodes.lag1).toBeCloseTo(asNumbers.lag1 as number, 2);
  expect(asCodes.runs).toBe(asNumbers.runs);
  expect(categoricalDependence(Array.from({ length: 300 }, (_, index) => Math.floor(index / 50))).dependent).toBe(true);
  const shuffled = autoregression(3000, 0, 9).map((value) => Math.floor((value + 0.5) * 5));
  expect(categoricalDependence(shuffled).dependent).toBe(false);
});
