/**
 * Confidence-based performance estimation over groups of predictions: what a classifier's metrics will be, from how probable it is
 * that each prediction is right. J. Kivimäki et al., "Confidence-based estimators for predictive performance in model monitoring",
 * 2024; NannyML's CBPE is the reference implementation, and numbers are its to 1e-9 where the probabilities are.
 *
 * It sees what changes with the scores (more hard cases, other classes). It cannot see that the same input now means another label:
 * concept drift leaves the scores, and so the estimates, as they were.
 */
import { roundHalfEven } from '../../distribution/round.ts';
import { UNMEASURED, type Measured } from '../measured.ts';
import { wilsonOfMean } from '../wilson.ts';

/** Groups of predictions that are alike, by ascending score; equal `rank` means equal scores. */
export interface EstimationGroups {
  readonly rank: ArrayLike<number>;
  /** Predictions. */
  readonly count: ArrayLike<number>;
  /** P(positive) of each, calibrated. */
  readonly probability: ArrayLike<number>;
  /** Variance of that probability itself: it was estimated from so many labels. */
  readonly uncertainty: ArrayLike<number>;
  /** 1 where the positive class was predicted, else 0. */
  readonly predicted: ArrayLike<number>;
}

/** A value that was not measured but estimated without labels. */
export interface Estimated extends Measured {
  readonly estimated: true;
}

/** Names as the HTTP API writes them. */
export type EstimatedMetricName = 'accuracy' | 'precision' | 'recall' | 'specificity' | 'f1' | 'roc_auc';

/** Metrics of a binary classifier, estimated. */
export type BinaryEstimates = Readonly<Record<EstimatedMetricName, Estimated>>;

interface Totals {
  readonly n: number;
  readonly tp: number;
  readonly fp: number;
  readonly fn: number;
  readonly tn: number;
}

/**
 * Estimates from groups. The 95 % interval (Wilson's at the effective number of trials of the delta method's variance) is where the
 * metric of these predictions will lie once all labels are there, if the probabilities are right up to their `uncertainty`. A ratio
 * of nothing is 0 as in scikit-learn; ROC-AUC without one of the classes and everything of no prediction are null.
 * Cost: O(groups).
 */
export function estimateFrom(groups: EstimationGroups): BinaryEstimates {
  const totals = totalsOf(groups);
  const { n, tp, fp, fn, tn } = totals;
  const ratio = (part: number, whole: number): number => (whole > 0 ? part / whole : 0);
  const [precision, recall] = [ratio(tp, tp + fp), ratio(tp, tp + fn)];
  const [specificity, f1] = [ratio(tn, tn + fp), ratio(tp, tp + (fp + fn) / 2)];
  // Derivatives by the label of one prediction, which is positive (guess 1) or negative (0).
  const slope = (whole: number, of: (guess: number) => number) => (group: number) =>
    whole > 0 ? of(groups.predicted[group] as number) / whole : 0;
  return {
    accuracy: estimated(
      ratio(tp + tn, n),
      variance(
        groups,
        slope(n, (guess) => 2 * guess - 1),
      ),
      n,
    ),
    precision: estimated(
      precision,
      variance(
        groups,
        slope(tp + fp, (guess) => guess),
      ),
      n,
    ),
    recall: estimated(
      recall,
      variance(
        groups,
        slope(tp + fn, (guess) => guess - recall),
      ),
      n,
    ),
    specificity: estimated(
      specificity,
      variance(
        groups,
        slope(tn + fp, (guess) => specificity - (1 - guess)),
      ),
      n,
    ),
    f1: estimated(
      f1,
      variance(
        groups,
        slope(tp + (fp + fn) / 2, (guess) => guess - f1 / 2),
      ),
      n,
    ),
    roc_auc: rocAucOfTotals(groups, totals),
  };
}

function totalsOf({ count, probability, predicted }: EstimationGroups): Totals {
  let [tp, fp, fn, tn] = [0, 0, 0, 0];
  for (let group = 0; group < count.length; group++) {
    const positives = (count[group] as number) * (probability[group] as number);
    const negatives = (count[group] as number) - positives;
    if (predicted[group]) {
      tp += positives;
      fp += negatives;
    } else {
      fn += positives;
      tn += negatives;
    }
  }
  return { n: Math.round(tp + fp + fn + tn), tp, fp, fn, tn };
}

/** Of labels drawn with their probabilities, and of the probabilities themselves. */
function variance({ count, probability, uncertainty }: EstimationGroups, slope: (group: number) => number): number {
  let sum = 0;
  for (let group = 0; group < count.length; group++) {
    const size = count[group] as number;
    const p = probability[group] as number;
    sum += slope(group) ** 2 * (size * p * (1 - p) + size * size * (uncertainty[group] as number));
  }
  return sum;
}

function estimated(value: number, spread: number, n: number): Estimated {
  if (n === 0) return { ...UNMEASURED, estimated: true };
  const bounded = Math.min(1, Math.max(0, value));
  // Next to no positives (or negatives) are expected: the ratio may be anything.
  const interval = spread < Number.MAX_VALUE ? wilsonOfMean(bounded, spread, n) : { low: 0, high: 1 };
  return { value: bounded, n, ...interval, method: 'wilson', estimated: true };
}

/** Points of the curve are taken to five decimals, as NannyML takes them: it moves the area of 10 rows by 1e-6, of 1,000 by 1e-9. */
function toFiveDecimals(value: number): number {
  return roundHalfEven(value * 1e5) / 1e5;
}

/** ROC-AUC alone, of groups for which it does not matter what was predicted. Cost: O(groups). */
export function estimatedRocAuc(groups: EstimationGroups): Estimated {
  return rocAucOfTotals(groups, totalsOf(groups));
}

function rocAucOfTotals(groups: EstimationGroups, { n, tp, fp, fn, tn }: Totals): Estimated {
  const { rank, count, probability } = groups;
  const [positives, negatives] = [tp + fn, tn + fp];
  if (!(positives > 0 && negatives > 0)) return { ...UNMEASURED, n, estimated: true };
  const last = count.length - 1;
  let [hits, all, area, x, y] = [0, 0, 0, 0, 0];
  for (let group = last; group >= 0; group--) {
    hits += (count[group] as number) * (probability[group] as number);
    all += count[group] as number;
    if (group > 0 && rank[group - 1] === rank[group]) continue;
    const [right, up] = [toFiveDecimals(all - hits), toFiveDecimals(hits)];
    area += ((right - x) * (up + y)) / 2;
    [x, y] = [right, up];
  }
  if (!(x > 0 && y > 0)) return { ...UNMEASURED, n, estimated: true };
  const value = area / (x * y);
  const spread = variance(groups, areaSlopes(groups, value, positives, negatives));
  return estimated(value, spread, n);
}

/** Derivative of A/(P·N) by one label: it adds its rank among the negatives to A and takes away that among the positives. */
function areaSlopes(groups: EstimationGroups, value: number, positives: number, negatives: number) {
  const { rank, count, probability } = groups;
  const slopes = new Float64Array(count.length);
  let [hits, misses] = [0, 0];
  for (let from = 0; from < count.length;) {
    let to = from;
    let [ownHits, ownMisses] = [0, 0];
    for (; to < count.length && rank[to] === rank[from]; to++) {
      const own = (count[to] as number) * (probability[to] as number);
      ownHits += own;
      ownMisses += (count[to] as number) - own;
    }
    const gained = misses + ownMisses / 2 - (positives - hits - ownHits / 2);
    slopes.fill((gained - value * (negatives - positives)) / (positives * negatives), from, to);
    hits += ownHits;
    misses += ownMisses;
    from = to;
  }
  return (group: number): number => slopes[group] as number;
}
