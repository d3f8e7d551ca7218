/** Area under the precision-recall curve, as average precision. */
import { UNMEASURED, type Measured } from '../measured.ts';
import { wilsonInterval } from '../wilson.ts';
import { rankScores, type Ranked } from './ranked.ts';

/**
 * Average precision as scikit-learn's `average_precision_score`: the precision at each threshold, weighted by the recall that is
 * gained there. The 95 % interval is Wilson's with as many trials as there are positive samples, the binomial interval of
 * K. Boyd, K. Eng & C. Page, "Area under the precision-recall curve: point estimates and confidence intervals", 2013.
 * No positive sample: null (scikit-learn says 0), n the samples. Only positive ones: 1. Cost: O(n log n).
 * @param scores P(positive class), 0 to 1 @param positives 1 where the label is the positive class, else 0
 * @throws PlumblineError `invalid_request` naming the score that is none (NaN, infinite, text) or the label that is neither 1 nor 0, or when there are not as many labels
 */
export function averagePrecision(scores: ArrayLike<number>, positives: ArrayLike<number>): Measured {
  const ranked = rankScores(scores, positives);
  const n = ranked.totalPositives + ranked.totalNegatives;
  if (ranked.totalPositives === 0) return { ...UNMEASURED, n };
  const value = averagePrecisionOf(ranked);
  return { value, n, ...wilsonInterval(value * ranked.totalPositives, ranked.totalPositives), method: 'wilson' };
}

/** The same of samples that are counted by score already; NaN without a positive one. */
export function averagePrecisionOf({ positives, negatives, totalPositives }: Ranked): number {
  let hits = 0;
  let all = 0;
  let sum = 0;
  for (let rank = positives.length - 1; rank >= 0; rank--) {
    const gained = positives[rank] as number;
    hits += gained;
    all += gained + (negatives[rank] as number);
    if (gained > 0) sum += gained * (hits / all);
  }
  return Math.min(1, sum / totalPositives);
}

/**
 * The least and the largest average precision that samples counted by bins of the score can have, whatever their order within a
 * bin: its negatives first and then its positives one by one, or its positives first and tied (a tie gives all of them the precision
 * of the last). Cost: O(bins).
 */
export function averagePrecisionBounds({ positives, negatives, totalPositives }: Ranked): {
  readonly worst: number;
  readonly best: number;
} {
  let hits = 0;
  let misses = 0;
  let worst = 0;
  let best = 0;
  for (let bin = positives.length - 1; bin >= 0; bin--) {
    const gained = positives[bin] as number;
    const others = negatives[bin] as number;
    if (gained > 0) best += (gained * (hits + gained)) / (hits + gained + misses);
    worst += precisionSum(hits, gained, misses + others);
    hits += gained;
    misses += others;
  }
  return { worst: Math.min(1, worst / totalPositives), best: Math.min(1, best / totalPositives) };
}

/** Σ (hits + k) / (hits + k + misses) for k = 1 to `gained`, which is gained − misses · (H(hits + gained + misses) − H(hits + misses)). */
function precisionSum(hits: number, gained: number, misses: number): number {
  if (gained === 0) return 0;
  return gained - misses * harmonicDifference(hits + misses, hits + misses + gained);
}

/** From here on the series below is right to 1e-15. */
const SERIES_FROM = 64;

/** H(b) − H(a), the sum of 1/k for a < k ≤ b. */
function harmonicDifference(a: number, b: number): number {
  let sum = 0;
  let from = a;
  while (from < b && from < SERIES_FROM) sum += 1 / ++from;
  if (from === b) return sum;
  // ψ(x + ½ + ½) by its series about x + ½ (Abramowitz & Stegun 6.3.18 in the midpoint form).
  const tail = (x: number): number => (1 - (7 / 40 - 31 / 336 / (x * x)) / (x * x)) / (24 * x * x);
  const [low, high] = [from + 0.5, b + 0.5];
  return sum + Math.log1p((b - from) / low) + tail(high) - tail(low);
}
