/** Laws that every drift statistic keeps, whatever the samples. */
import fc from 'fast-check';
import { binnedNulls } from '../../collector/src/drift/categorical-null.ts';
import { testFeature } from '../../collector/src/drift/feature-tests.ts';
import { locationShift } from '../../collector/src/drift/location.ts';
import { BINNED_STATISTICS } from '../../collector/src/drift/statistics.ts';
import { distanceOver, gapsBetween, wassersteinDistance } from '../../collector/src/drift/wasserstein.ts';
import { wassersteinMoments, wassersteinPermutation } from '../../collector/src/drift/wasserstein-null.ts';
import { windowOfSamples } from '../../collector/src/drift/windows.ts';

// Without −0, which is the same value as 0.
const value = fc
  .oneof(fc.integer({ min: -5, max: 5 }), fc.double({ noNaN: true, min: -1e6, max: 1e6 }))
  .map((item) => item + 0);
const sample = fc.array(value, { minLength: 1, maxLength: 60 });
const counts = fc
  .integer({ min: 1, max: 12 })
  .chain((bins) =>
    fc.tuple(...[0, 1].map(() => fc.array(fc.integer({ min: 0, max: 400 }), { minLength: bins, maxLength: bins }))),
  ) as fc.Arbitrary<[number[], number[]]>;
const OPTIONS = { alpha: 0.01, seed: 1, draws: 49 };

function isProbability(p: number): boolean {
  return p >= 0 && p <= 1;
}

test('binned statistics: symmetric, within their range, 0 for equal shares, blind to the order of bins', () => {
  fc.assert(
    fc.property(counts, ([a, b]) => {
      const forward = binnedNulls(BINNED_STATISTICS, a, b, OPTIONS);
      const backward = binnedNulls(BINNED_STATISTICS, b, a, OPTIONS);
      const reversed = binnedNulls(BINNED_STATISTICS, a.toReversed(), b.toReversed(), OPTIONS);
      const empty = [a, b].some((side) => side.every((count) => count === 0));
      forward.forEach(({ value: here, pValue, nullQuantile }, index) => {
        if (empty) return void expect([here, pValue]).toEqual([NaN, NaN]);
        expect(here).toBeGreaterThanOrEqual(0);
        expect(here).toBeCloseTo(backward[index]?.value as number, 9);
        expect(here).toBeCloseTo(reversed[index]?.value as number, 9);
        expect(isProbability(pValue)).toBe(true);
        expect(nullQuantile).toBeGreaterThanOrEqual(0);
      });
      const twice = binnedNulls(
        BINNED_STATISTICS,
        a,
        a.map((count) => 3 * count),
        OPTIONS,
      );
      for (const same of twice) expect(same.value || 0).toBeCloseTo(0, 9);
    }),
    { numRuns: 200 },
  );
});

test('Wasserstein: symmetric, moves with a shift, scales with the unit, no more than the range', () => {
  fc.assert(
    fc.property(sample, sample, fc.integer({ min: 1, max: 1000 }), (a, b, by) => {
      const { reference, current } = windowOfSamples('x', a, b);
      const distance = wassersteinDistance(reference, current);
      const range = Math.max(...a, ...b) - Math.min(...a, ...b);
      expect(distance).toBeCloseTo(wassersteinDistance(current, reference), 6);
      expect(distance).toBeLessThanOrEqual(range * (1 + 1e-9));
      const shifted = windowOfSamples(
        'x',
        a,
        a.map((item) => item + by),
      );
      expect(wassersteinDistance(shifted.reference, shifted.current)).toBeCloseTo(by, 5);
      const scaled = windowOfSamples(
        'x',
        a.map((item) => 2 * item),
        b.map((item) => 2 * item),
      );
      expect(wassersteinDistance(scaled.reference, scaled.current)).toBeCloseTo(2 * distance, 5);
    }),
  );
});

test('Wasserstein p: a probability that falls as the distance grows; the gaps hold all rows', () => {
  fc.assert(
    fc.property(sample, sample, (a, b) => {
      const { reference, current } = windowOfSamples('x', a, b);
      const gaps = gapsBetween(reference, current);
      const distance = distanceOver(gaps);
      const near = wassersteinMoments(gaps, distance, 0.01);
      expect(isProbability(near.pValue)).toBe(true);
      expect(wassersteinMoments(gaps, 2 * distance, 0.01).pValue).toBeLessThanOrEqual(near.pValue);
      const drawn = wassersteinPermutation(gaps, OPTIONS);
      expect(isProbability(drawn.pValue)).toBe(true);
      expect(drawn).toEqual(wassersteinPermutation(gaps, OPTIONS));
      expect(gaps.widths.every((width) => width > 0)).toBe(true);
    }),
    { numRuns: 100 },
  );
});

test('location: opposite when the samples change places, the same under any rising transformation', () => {
  fc.assert(
    fc.property(sample, sample, (a, b) => {
      const { reference, current } = windowOfSamples('x', a, b);
      const { superiority, pValue } = locationShift(reference, current);
      expect(Math.abs(superiority)).toBeLessThanOrEqual(1 + 1e-12);
      expect(isProbability(pValue)).toBe(true);
      expect(locationShift(current, reference).superiority).toBeCloseTo(-superiority, 9);
      const ranks = new Map([...new Set([...a, ...b])].sort((x, y) => x - y).map((item, rank) => [item, rank]));
      const rank = (item: number): number => ranks.get(item) as number;
      const ranked = windowOfSamples('x', a.map(rank), b.map(rank));
      expect(locationShift(ranked.reference, ranked.current).superiority).toBe(superiority);
    }),
  );
});

test('a feature with any finite numbers gets seven tests and no error', () => {
  const finite = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(finite, finite, fc.constantFrom('ks', 'wasserstein', 'psi') as fc.Arbitrary<'ks'>, (a, b, numeric) => {
      const { tests } = testFeature(windowOfSamples('x', a, b), { ...OPTIONS, threshold: 0.05, numeric });
      expect(tests).toHaveLength(7);
      for (const { pValue, value: here } of tests) {
        expect(isProbability(pValue)).toBe(true);
        expect(here).toBeGreaterThanOrEqual(0);
      }
    }),
    // A range beyond the largest double.
    { numRuns: 200, examples: [[[8.988465674311582e307], [-1.7976931348623153e308, 0], 'ks']] },
  );
});
