/** Area under the receiver operating characteristic: how often a positive sample scores above a negative one. */
import { UNMEASURED, type Measured } from '../measured.ts';
import { wilsonOfMean } from '../wilson.ts';
import { rankScores, type Ranked } from './ranked.ts';

/**
 * ROC-AUC as scikit-learn's `roc_auc_score`: ties count half. The 95 % interval is Wilson's at the effective number of trials
 * that DeLong's variance stands for (E. DeLong, D. DeLong & D. Clarke-Pearson, Biometrics 44, 1988); where that variance is 0
 * (perfect separation) the trials are the smaller of both classes, so the interval is never of zero width.
 * No sample of one of the classes: null, n the samples. Cost: O(n log n).
 * @param scores P(positive class), 0 to 1 @param positives 1 where the label is the positive class, else 0
 * @throws PlumblineError `invalid_request` naming the score that is none (NaN, infinite, text) or the label that is neither 1 nor 0, or when there are not as many labels
 */
export function rocAuc(scores: ArrayLike<number>, positives: ArrayLike<number>): Measured {
  return rocAucOf(rankScores(scores, positives));
}

/** The same of samples that are counted by score already. Cost: O(distinct scores). */
export function rocAucOf(ranked: Ranked): Measured {
  const { totalPositives: p, totalNegatives: q } = ranked;
  if (p === 0 || q === 0) return { ...UNMEASURED, n: p + q };
  const { value, variance } = placements(ranked);
  const interval = variance > 0 ? wilsonOfMean(value, variance, p + q) : wilsonOfMean(value, 0, Math.min(p, q));
  return { value, n: p + q, ...interval, method: 'wilson' };
}

/** The area and DeLong's variance of it, from each sample's placement among those of the other class. */
export function placements({ positives, negatives, totalPositives: p, totalNegatives: q }: Ranked): {
  readonly value: number;
  readonly variance: number;
} {
  let below = 0;
  let seen = 0;
  // Pairs won, ties by half: whole halves, so that a perfect order is 1 and not 1 − 1e-16.
  let won = 0;
  let square = 0;
  let otherSquare = 0;
  for (let rank = 0; rank < positives.length; rank++) {
    const [hits, misses] = [positives[rank] as number, negatives[rank] as number];
    const placement = (below + misses / 2) / q;
    const otherPlacement = (p - seen - hits / 2) / p;
    won += hits * (below + misses / 2);
    square += (hits * placement * placement) / p;
    otherSquare += (misses * otherPlacement * otherPlacement) / q;
    below += misses;
    seen += hits;
  }
  const area = won / (p * q);
  const spread = (mean: number, size: number): number =>
    size > 1 ? Math.max(0, mean - area * area) / (size - 1) : area * (1 - area);
  return { value: Math.min(1, area), variance: spread(square, p) + spread(otherSquare, q) };
}
