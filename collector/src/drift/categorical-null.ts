/** Null distributions of the statistics over bins: what Jensen–Shannon and PSI reach when nothing has changed. */
import { chiSquareQuantile, chiSquareTail } from './chi-square.ts';
import { jensenShannon, totalOf } from './jensen-shannon.ts';
import { permutationNull } from './permutation.ts';
import { populationStability } from './psi.ts';

/** What chance alone does to a statistic. */
export interface NullResult {
  readonly pValue: number;
  /** The value that chance alone exceeds with probability α. */
  readonly nullQuantile: number;
  readonly method: 'chi-square' | 'permutation';
}

/** How to find out what chance does. */
export interface NullOptions {
  readonly alpha: number;
  readonly seed: number;
  /** Tables drawn where counts are small (default 1,999). */
  readonly draws?: number;
}

/** Below this expected count in any filled bin the χ² approximation is not trusted. */
const MIN_EXPECTED = 10;
const DEFAULT_DRAWS = 1_999;

/** JS ≈ (1/n + 1/m)·χ²/8 and PSI ≈ (1/n + 1/m)·χ², with one degree of freedom less than filled bins (second-order Taylor). */
const STATISTICS = {
  js: { compute: jensenShannon, perChiSquare: 1 / 8 },
  psi: { compute: populationStability, perChiSquare: 1 },
} as const;

/**
 * How likely a Jensen–Shannon divergence or PSI at least as large as observed is without drift.
 * By χ² where every filled bin expects ≥ 10 rows of either sample, else by seeded permutation.
 * @returns NaN where a sample is empty. Cost: O(bins), or O(draws · bins · √n) by permutation.
 */
export function binnedNull(
  statistic: keyof typeof STATISTICS,
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
  options: NullOptions,
): NullResult {
  const { compute, perChiSquare } = STATISTICS[statistic];
  const m = totalOf(reference);
  const n = totalOf(current);
  if (n === 0 || m === 0) return { pValue: Number.NaN, nullQuantile: Number.NaN, method: 'chi-square' };
  const { filled, smallest } = pooledBins(reference, current);
  if (filled < 2) return { pValue: 1, nullQuantile: 0, method: 'chi-square' };
  if ((smallest * Math.min(n, m)) / (n + m) < MIN_EXPECTED) return byPermutation(compute, reference, current, options);
  const scale = (1 / n + 1 / m) * perChiSquare;
  return {
    pValue: chiSquareTail(compute(reference, current) / scale, filled - 1),
    nullQuantile: scale * chiSquareQuantile(1 - options.alpha, filled - 1),
    method: 'chi-square',
  };
}

function pooledBins(reference: ArrayLike<number>, current: ArrayLike<number>): { filled: number; smallest: number } {
  const pooled = Array.from(reference, (count, bin) => count + (current[bin] as number)).filter((count) => count > 0);
  return { filled: pooled.length, smallest: Math.min(...pooled) };
}

/**
 * Where no draw came near the observed value, its p lies below what draws can resolve and many features at once would hide
 * it; there a χ² with the mean and variance of the draws (Satterthwaite) gives the tail.
 */
function byPermutation(
  compute: (reference: ArrayLike<number>, current: ArrayLike<number>) => number,
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
  options: NullOptions,
): NullResult {
  const drawn = permutationNull(reference, current, compute, {
    draws: options.draws ?? DEFAULT_DRAWS,
    alpha: options.alpha,
    seed: options.seed,
  });
  const { nullQuantile, mean, variance } = drawn;
  if (drawn.exceedances > 0 || !(variance > 0)) return { pValue: drawn.pValue, nullQuantile, method: 'permutation' };
  const tail = chiSquareTail((2 * mean * compute(reference, current)) / variance, (2 * mean * mean) / variance);
  return { pValue: Math.min(drawn.pValue, tail), nullQuantile, method: 'permutation' };
}
