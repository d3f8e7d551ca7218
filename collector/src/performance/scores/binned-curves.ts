/** ROC-AUC and average precision of samples that are counted by bins of the score: bounds, and a value between them. */
import type { Measured } from '../measured.ts';
import { UNMEASURED } from '../measured.ts';
import { wilsonInterval, wilsonOfMean } from '../wilson.ts';
import { averagePrecisionBounds, averagePrecisionOf } from './average-precision.ts';
import type { Ranked } from './ranked.ts';
import { placements } from './roc-auc.ts';

/** An area known up to the order of samples within bins. */
export interface BinnedArea extends Measured {
  /** Least and largest value that any order within the bins gives; `low` and `high` also hold what chance may have done. */
  readonly worst: number | null;
  readonly best: number | null;
}

/** Both areas. */
export interface BinnedCurves {
  readonly n: number;
  readonly positives: number;
  readonly rocAuc: BinnedArea;
  readonly averagePrecision: BinnedArea;
}

const NONE = { ...UNMEASURED, worst: null, best: null };

/**
 * Reads counts by ascending bin of the score; counts below 0 (a sample taken back that another state holds) read as 0.
 * ROC-AUC: samples of one bin count as ties; the order within bins moves it by at most ½ Σ PᵦNᵦ/(PN). Average precision: each
 * bin is one threshold; the bounds are those of all positives of a bin first and last. One class only: null. Cost: O(bins).
 */
export function readBinnedCurves(positives: Float64Array, negatives: Float64Array): BinnedCurves {
  const ranked = rankedOf(positives, negatives);
  const { totalPositives, totalNegatives } = ranked;
  const n = totalPositives + totalNegatives;
  return {
    n,
    positives: totalPositives,
    rocAuc: totalPositives > 0 && totalNegatives > 0 ? binnedRocAuc(ranked) : { ...NONE, n },
    averagePrecision: totalPositives > 0 ? binnedAveragePrecision(ranked) : { ...NONE, n },
  };
}

function rankedOf(positives: Float64Array, negatives: Float64Array): Ranked {
  const [hits, misses] = [positives.map((count) => Math.max(0, count)), negatives.map((count) => Math.max(0, count))];
  const total = (counts: Float64Array): number => counts.reduce((sum, count) => sum + count, 0);
  return { positives: hits, negatives: misses, totalPositives: total(hits), totalNegatives: total(misses) };
}

function binnedRocAuc(ranked: Ranked): BinnedArea {
  const { positives, negatives, totalPositives: p, totalNegatives: q } = ranked;
  const { value, variance } = placements(ranked);
  const tied = positives.reduce((sum, count, bin) => sum + (count / p) * ((negatives[bin] as number) / q), 0);
  const worst = Math.max(0, value - tied / 2);
  const best = Math.min(1, value + tied / 2);
  const trials = variance > 0 ? p + q : Math.min(p, q);
  const [low, high] = [wilsonOfMean(worst, variance, trials).low, wilsonOfMean(best, variance, trials).high];
  return { value, n: p + q, low, high, method: 'wilson', worst, best };
}

function binnedAveragePrecision(ranked: Ranked): BinnedArea {
  const { totalPositives: p, totalNegatives: q } = ranked;
  const value = averagePrecisionOf(ranked);
  const { worst, best } = averagePrecisionBounds(ranked);
  const [low, high] = [wilsonInterval(worst * p, p).low, wilsonInterval(best * p, p).high];
  return { value, n: p + q, low, high, method: 'wilson', worst, best };
}
