/** The informing statistics against SciPy and NumPy (test/golden/drift/distances/generate.py says which versions). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { serialDependence } from '../../../collector/src/drift/autocorrelation.ts';
import { chiSquareStatistic, hellinger, largestDifference } from '../../../collector/src/drift/binned-distances.ts';
import { binnedNulls } from '../../../collector/src/drift/categorical-null.ts';
import { testFeature } from '../../../collector/src/drift/feature-tests.ts';
import { locationShift } from '../../../collector/src/drift/location.ts';
import { resolvePolicy } from '../../../collector/src/drift/policy-checks.ts';
import type { ValueCounts } from '../../../collector/src/drift/samples.ts';
import { wassersteinMoments, wassersteinPermutation } from '../../../collector/src/drift/wasserstein-null.ts';
import {
  gapsBetween,
  standardDeviation,
  wassersteinDistance,
  wassersteinUnit,
} from '../../../collector/src/drift/wasserstein.ts';
import { windowOfSamples } from '../../../collector/src/drift/windows.ts';

interface Compact {
  readonly values: number[];
  readonly counts: number[];
}
interface Golden {
  readonly samples: {
    name: string;
    current: Compact;
    reference: Compact;
    wasserstein: number;
    deviation: number;
    superiority: number;
    superiorityP: number;
  }[];
  readonly binned: {
    name: string;
    reference: number[];
    current: number[];
    chi2: number;
    chi2P: number;
    hellinger: number;
    linf: number;
    linfP: number;
  }[];
  readonly permutation: { name: string; current: Compact; reference: Compact; p: number }[];
  readonly quantileLinf: { reference: number[]; current: number[]; p: number }[];
  readonly series: { name: string; series: number[]; lag1: number }[];
}

const golden = JSON.parse(
  readFileSync(join(__dirname, '../../golden/drift/distances/distances.json'), 'utf8'),
) as Golden;
const NULL = { alpha: 0.01, seed: 5 };

function sample({ values, counts }: Compact): ValueCounts {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return { values: Float64Array.from(values), counts: Float64Array.from(counts), total };
}

/** |actual − expected| ≤ relative · |expected| + absolute. */
function expectClose(actual: number, expected: number, relative: number, absolute = 0): void {
  const error = Math.abs(actual - expected);
  if (error > relative * Math.abs(expected) + absolute || Number.isNaN(actual)) {
    throw new Error(`expected ${expected}, got ${actual} (error ${error})`);
  }
}

describe.each(golden.samples)('$name', ({ current, reference, wasserstein, deviation, superiority, superiorityP }) => {
  const [a, b] = [sample(reference), sample(current)];

  test('Wasserstein distance and standard deviation', () => {
    expectClose(wassersteinDistance(a, b), wasserstein, 1e-12);
    expectClose(wassersteinDistance(b, a), wasserstein, 1e-12);
    expectClose(standardDeviation(a), deviation, 1e-12);
  });

  test('location as mannwhitneyu', () => {
    expectClose(locationShift(a, b).superiority, superiority, 1e-12, 1e-14);
    expectClose(locationShift(a, b).pValue, superiorityP, 1e-8, 1e-300);
    expectClose(locationShift(b, a).superiority, -superiority, 1e-12, 1e-14);
  });
});

test.each(golden.binned)('χ², Hellinger, L∞: $name', (row) => {
  expectClose(chiSquareStatistic(row.reference, row.current), row.chi2, 1e-12, 1e-12);
  expectClose(hellinger(row.reference, row.current), row.hellinger, 1e-12, 1e-15);
  expectClose(largestDifference(row.reference, row.current), row.linf, 1e-13, 1e-16);
  const [chi2, linf] = binnedNulls(['chi2', 'linf'], row.reference, row.current, NULL);
  expect([chi2?.method, linf?.method]).toEqual(['chi-square', 'union-bound']);
  expectClose(chi2?.pValue ?? NaN, row.chi2P, 1e-8, 1e-300);
  expectClose(linf?.pValue ?? NaN, row.linfP, 1e-8, 1e-300);
});

test.each(golden.quantileLinf)('L∞ over quantile bins $#', ({ reference, current, p }) => {
  const options = { ...NULL, quantileBins: true };
  const [linf] = binnedNulls(['linf'], reference, current, options);
  expect(linf?.method).toBe('union-bound');
  expectClose(linf?.pValue ?? NaN, p, 1e-9);
  expect((linf?.value as number) >= (linf?.nullQuantile as number)).toBe(p <= NULL.alpha);
});

describe.each(golden.permutation)('Wasserstein p: $name', ({ current, reference, p }) => {
  test('by permutation over cells as by permutation of the rows', () => {
    const drawn = wassersteinPermutation(gapsBetween(sample(reference), sample(current)), { ...NULL, draws: 4999 });
    expectClose(drawn.pValue, p, 0.05, 4 * Math.sqrt((p * (1 - p)) / 4999) + 1 / 4999);
  });

  test('by moments, near enough to inform', () => {
    const [a, b] = [sample(reference), sample(current)];
    const { pValue } = wassersteinMoments(gapsBetween(a, b), wassersteinDistance(a, b), 0.01);
    expectClose(pValue, p, 0.3, 0.01);
  });
});

test.each(golden.series)('lag-1 autocorrelation: $name', ({ series, lag1 }) => {
  const actual = serialDependence(series).lag1;
  if (series.length < 3) expect(actual).toBeNull();
  // At 1e9 the mean itself, ours and NumPy's, holds no more digits.
  else expectClose(actual ?? NaN, lag1, 1e-7, 1e-12);
});

describe('too little to compare', () => {
  const none = sample({ values: [], counts: [] });
  const one = sample({ values: [3], counts: [5] });

  test('an empty side gives NaN', () => {
    expect(wassersteinDistance(none, one)).toBeNaN();
    expect(wassersteinUnit(none, one)).toBeNaN();
    expect(locationShift(one, none)).toEqual({ superiority: NaN, pValue: NaN });
    expect(wassersteinMoments(gapsBetween(none, one), NaN, 0.01)).toMatchObject({ pValue: NaN, nullQuantile: NaN });
    expect(wassersteinPermutation(gapsBetween(one, none), NULL)).toMatchObject({ pValue: NaN, nullQuantile: NaN });
    for (const compute of [chiSquareStatistic, hellinger, largestDifference]) {
      expect(compute([0, 0], [1, 2])).toBeNaN();
      expect(compute([], [])).toBeNaN();
    }
  });

  test('one and the same value on both sides is no drift', () => {
    expect(wassersteinDistance(one, one)).toBe(0);
    expect(wassersteinUnit(one, one)).toBe(0);
    expect(wassersteinMoments(gapsBetween(one, one), 0, 0.01).pValue).toBe(1);
    expect(wassersteinPermutation(gapsBetween(one, one), NULL).pValue).toBe(1);
    expect(locationShift(one, one)).toEqual({ superiority: 0, pValue: 1 });
    expect(binnedNulls(['chi2', 'linf', 'hellinger'], [5, 0], [9, 0], NULL).map(({ pValue }) => pValue)).toEqual([
      1, 1, 1,
    ]);
  });

  test('a reference of one value is measured in the deviation of both samples together', () => {
    const moved = sample({ values: [3, 5], counts: [5, 5] });
    expect(wassersteinUnit(one, moved)).toBeCloseTo(Math.sqrt(2 / 9) * 2, 12);
  });
});

test('the quantile is where p is α', () => {
  const table = (moved: number): [number[], number[]] => [
    [500, 500],
    [500 + moved, 500 - moved],
  ];
  for (const statistic of ['js', 'psi', 'chi2', 'hellinger', 'linf'] as const) {
    const [below] = binnedNulls([statistic], ...table(57), NULL);
    expect(below?.pValue).toBeGreaterThan(0.01);
    expect(below?.value).toBeLessThan(below?.nullQuantile ?? 0);
    const [above] = binnedNulls([statistic], ...table(58), NULL);
    expect(above?.pValue).toBeLessThan(0.01);
    expect(above?.value).toBeGreaterThan(above?.nullQuantile ?? 1);
  }
});

test('rare categories: every statistic comes from the same drawn tables, the same again for a seed', () => {
  const run = (): unknown => binnedNulls(['js', 'chi2', 'hellinger', 'linf'], [90, 8, 2], [70, 20, 3], NULL);
  expect(run()).toEqual(run());
  const alone = binnedNulls(['chi2'], [90, 8, 2], [70, 20, 3], NULL);
  expect((run() as unknown[])[1]).toEqual(alone[0]);
  expect(alone[0]?.method).toBe('permutation');
});

test.each([
  ['in the unit of the values', 1],
  ['beyond what doubles can subtract', 1e308],
])('a test tells the plain Wasserstein distance beside the standardised one: %s', (_name, unit) => {
  const [before, now] = [
    [0, 1, 3],
    [5, 6, 8],
  ].map((values) => values.map((value) => (value / 10) * unit)) as [number[], number[]];
  const { tests } = testFeature(windowOfSamples('load', before, now), resolvePolicy());
  const { value, distance } = tests.find(({ statistic }) => statistic === 'wasserstein') ?? { value: NaN };
  // scipy.stats.wasserstein_distance([0, 1, 3], [5, 6, 8]) = 5; the standard deviation is 1.2472…
  expect((distance as number) / unit).toBeCloseTo(0.5, 12);
  expect(value).toBeCloseTo(5 / Math.sqrt(14 / 9), 12);
  expect(tests.every((test) => (test.distance !== undefined) === (test.statistic === 'wasserstein'))).toBe(true);
});
