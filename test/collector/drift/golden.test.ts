/** The drift room against SciPy (test/golden/drift/generate.py says which version and how). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { benjaminiHochberg } from '../../../collector/src/drift/benjamini-hochberg.ts';
import { binnedNull } from '../../../collector/src/drift/categorical-null.ts';
import { chiSquareQuantile, chiSquareTail } from '../../../collector/src/drift/chi-square.ts';
import { binomialDensity } from '../../../collector/src/distribution/factorial.ts';
import { jensenShannon } from '../../../collector/src/drift/jensen-shannon.ts';
import { kolmogorovTail } from '../../../collector/src/drift/kolmogorov-distribution.ts';
import { kolmogorovSmirnov } from '../../../collector/src/drift/kolmogorov-smirnov.ts';
import { populationStability } from '../../../collector/src/drift/psi.ts';
import type { ValueCounts } from '../../../collector/src/drift/samples.ts';

interface Compact {
  readonly values: number[];
  readonly counts: number[];
}
interface Golden {
  readonly ks: { name: string; current: Compact; reference: Compact; statistic: number; p: number }[];
  readonly kolmogorov: { n: number; d: number; p: number }[];
  readonly binned: { name: string; reference: number[]; current: number[]; js: number; psi: number }[];
  readonly chiSquare: { degrees: number; x: number; p: number }[];
  readonly hochberg: { p: number[]; adjusted: number[] }[];
  readonly binomial: { n: number; p: number; k: number; density: number }[];
  readonly permutation: { reference: number[]; current: number[]; p: number }[];
}

const golden = JSON.parse(readFileSync(join(__dirname, '../../golden/drift/golden.json'), 'utf8')) as Golden;

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

describe('Kolmogorov–Smirnov as ks_2samp', () => {
  test.each(golden.ks)('$name', ({ current, reference, statistic, p }) => {
    const result = kolmogorovSmirnov(sample(reference), sample(current));
    expectClose(result.statistic, statistic, 1e-14);
    // Below 1e-12 the limit law stands for SciPy's exact number, as the docs say: there only its smallness matters.
    if (p >= 1e-12) expectClose(result.pValue, p, 1e-10);
    else expect(result.pValue).toBeLessThan(1e-12);
  });

  test('does not care which sample is called the reference', () => {
    for (const { current, reference } of golden.ks) {
      expect(kolmogorovSmirnov(sample(current), sample(reference))).toEqual(
        kolmogorovSmirnov(sample(reference), sample(current)),
      );
    }
  });

  test('an empty side gives NaN, not a verdict', () => {
    const none = sample({ values: [], counts: [] });
    expect(kolmogorovSmirnov(none, sample({ values: [1], counts: [1] }))).toMatchObject({
      statistic: NaN,
      pValue: NaN,
    });
  });
});

test.each(golden.kolmogorov)('Kolmogorov distribution n=$n d=$d', ({ n, d, p }) => {
  // Where SciPy takes 1 − CDF from a five-digit expansion for n > 140 both lose the same digits.
  expectClose(kolmogorovTail(n, d), p, 1e-9, 1e-15);
});

test.each(golden.binned)('Jensen–Shannon and PSI: $name', ({ reference, current, js, psi }) => {
  expectClose(jensenShannon(reference, current), js, 1e-12, 1e-15);
  expectClose(populationStability(reference, current), psi, 1e-12, 1e-15);
});

test.each(golden.chiSquare)('chi-square with $degrees degrees at $x', ({ degrees, x, p }) => {
  // jstat carries ln Γ to ten digits.
  expectClose(chiSquareTail(x, degrees), p, 1e-9);
  if (p > 1e-5) expectClose(chiSquareQuantile(1 - p, degrees), x, 1e-8);
});

test.each(golden.hochberg)('Benjamini–Hochberg $#', ({ p, adjusted }) => {
  benjaminiHochberg(p).forEach((value, index) => expectClose(value, adjusted[index] as number, 1e-14));
});

test.each(golden.binomial)('binomial density n=$n p=$p k=$k', ({ n, p, k, density }) => {
  expectClose(binomialDensity(k, n, p), density, 1e-11, 1e-300);
});

test.each(golden.permutation)('permutation p of a small table $#', ({ reference, current, p }) => {
  const draws = 20_000;
  const result = binnedNull('js', reference, current, { alpha: 0.01, seed: 7, draws });
  expect(result.method).toBe('permutation');
  expectClose(result.pValue, p, 0, 4 * Math.sqrt((p * (1 - p)) / draws) + 1 / draws);
});
