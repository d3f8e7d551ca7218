/** Null distributions of the statistics over bins: what chance alone does to them when nothing has changed. */
import { chiSquareStatistic, hellinger, largestDifference } from './binned-distances.ts';
import { chiSquareQuantile, chiSquareTail } from './chi-square.ts';
import { jensenShannon, totalOf } from './jensen-shannon.ts';
import { linfNull } from './linf-null.ts';
import { linfQuantileNull } from './linf-quantile-null.ts';
import { permutationNulls, type PermutationResult } from './permutation.ts';
import { populationStability } from './psi.ts';
import type { BinnedStatistic, NullMethod } from './statistics.ts';

/** What chance alone does to a statistic. */
export interface NullResult {
  readonly pValue: number;
  /** The value that chance alone exceeds with probability α. */
  readonly nullQuantile: number;
  readonly method: NullMethod;
}

/** A statistic with what chance does to it. */
export interface BinnedResult extends NullResult {
  readonly value: number;
}

/** How to find out what chance does. */
export interface NullOptions {
  readonly alpha: number;
  readonly seed: number;
  /** Tables drawn where counts are small (default 1,999). */
  readonly draws?: number;
  /** Whether the bins are quantiles of the reference: it changes what chance does to `linf`, hardly what it does to the others. */
  readonly quantileBins?: boolean;
}

/** Below this expected count in any filled bin the approximations are not trusted. */
const MIN_EXPECTED = 10;
const DEFAULT_DRAWS = 1_999;

interface Law {
  readonly compute: (reference: ArrayLike<number>, current: ArrayLike<number>) => number;
  /** The χ² that a value stands for, where `scale` is 1/n + 1/m; absent where the law is not χ². */
  readonly toChiSquare?: (value: number, scale: number) => number;
  readonly fromChiSquare?: (chiSquare: number, scale: number) => number;
}

/**
 * JS ≈ (1/n + 1/m)·χ²/8, Hellinger² the same, PSI ≈ (1/n + 1/m)·χ², with one degree of freedom less than filled bins
 * (second-order Taylor of each in the shares' difference).
 */
const LAWS: Readonly<Record<BinnedStatistic, Law>> = {
  js: {
    compute: jensenShannon,
    toChiSquare: (value, scale) => (8 * value) / scale,
    fromChiSquare: (x, scale) => (scale * x) / 8,
  },
  psi: {
    compute: populationStability,
    toChiSquare: (value, scale) => value / scale,
    fromChiSquare: (x, scale) => scale * x,
  },
  chi2: { compute: chiSquareStatistic, toChiSquare: (value) => value, fromChiSquare: (x) => x },
  hellinger: {
    compute: hellinger,
    toChiSquare: (value, scale) => (8 * value * value) / scale,
    fromChiSquare: (x, scale) => Math.sqrt((scale * x) / 8),
  },
  linf: { compute: largestDifference },
};

/** One statistic alone, as `binnedNulls`. */
export function binnedNull(
  statistic: BinnedStatistic,
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
  options: NullOptions,
): NullResult {
  return binnedNulls([statistic], reference, current, options)[0] as BinnedResult;
}

/**
 * Statistics over bins and how likely values at least as large are without drift, in the order asked for.
 * `linf` over quantile bins: see `linfQuantileNull`. Otherwise, where every filled bin expects ≥ 10 rows of either sample: by
 * χ², `linf` by a union bound over the bins' normal limits. Else by seeded permutation, whose tables serve all statistics:
 * drawing them is most of the cost.
 * @returns NaN where a sample is empty, p = 1 where all rows are in one bin
 * Cost: O(bins) each (`linf`: some 30 times that), or O(draws · bins · √n) for all together by permutation (about 5 ms).
 */
export function binnedNulls(
  statistics: readonly BinnedStatistic[],
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
  options: NullOptions,
): BinnedResult[] {
  if (statistics.length === 0) return []; // no tables are drawn for nobody
  const [n, m] = [totalOf(current), totalOf(reference)];
  const values = statistics.map((statistic) => LAWS[statistic].compute(reference, current));
  if (n === 0 || m === 0) return values.map((value) => fixed(value, Number.NaN, Number.NaN));
  const { filled, smallest } = pooledBins(reference, current);
  if (filled < 2) return values.map((value) => fixed(value, 1, 0));
  const small = (smallest * Math.min(n, m)) / (n + m) < MIN_EXPECTED;
  const toDraw = small ? statistics.filter((statistic) => !(options.quantileBins && statistic === 'linf')) : [];
  const drawn = drawnNulls(toDraw, reference, current, options);
  return statistics.map((statistic, index): BinnedResult => {
    const value = values[index] as number;
    const byDraws = drawn.get(statistic);
    if (byDraws) return fromDraws(value, byDraws);
    const { toChiSquare, fromChiSquare } = LAWS[statistic];
    if (!toChiSquare || !fromChiSquare) {
      const law = options.quantileBins ? linfQuantileNull : linfNull;
      return { value, ...law(value, reference, current, options.alpha) };
    }
    const scale = 1 / n + 1 / m;
    return {
      value,
      pValue: chiSquareTail(toChiSquare(value, scale), filled - 1),
      nullQuantile: fromChiSquare(chiSquareQuantile(1 - options.alpha, filled - 1), scale),
      method: 'chi-square',
    };
  });
}

function drawnNulls(
  statistics: readonly BinnedStatistic[],
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
  { draws = DEFAULT_DRAWS, alpha, seed }: NullOptions,
): Map<BinnedStatistic, PermutationResult> {
  if (statistics.length === 0) return new Map();
  const computes = statistics.map((statistic) => LAWS[statistic].compute);
  const results = permutationNulls(reference, current, computes, { draws, alpha, seed });
  return new Map(statistics.map((statistic, index) => [statistic, results[index] as PermutationResult]));
}

function fixed(value: number, pValue: number, nullQuantile: number): BinnedResult {
  return { value, pValue, nullQuantile, method: 'chi-square' };
}

function pooledBins(reference: ArrayLike<number>, current: ArrayLike<number>): { filled: number; smallest: number } {
  const pooled = Array.from(reference, (count, bin) => count + (current[bin] as number)).filter((count) => count > 0);
  return { filled: pooled.length, smallest: Math.min(...pooled) };
}

/**
 * Where no draw came near the observed value, its p lies below what draws can resolve and many features at once would hide
 * it; there a χ² with the mean and variance of the draws (Satterthwaite) gives the tail.
 */
function fromDraws(
  value: number,
  { pValue, nullQuantile, mean, variance, exceedances }: PermutationResult,
): BinnedResult {
  if (exceedances > 0 || !(variance > 0)) return { value, pValue, nullQuantile, method: 'permutation' };
  const tail = chiSquareTail((2 * mean * value) / variance, (2 * mean * mean) / variance);
  return { value, pValue: Math.min(pValue, tail), nullQuantile, method: 'permutation' };
}
