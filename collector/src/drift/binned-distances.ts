/** χ², Hellinger and L∞ of two distributions over the same bins or categories. */
import { totalOf } from './jensen-shannon.ts';

/**
 * Two-sample χ² of the 2 × bins table of counts, without Yates' correction; bins empty on both sides are left out: SciPy's
 * `chi2_contingency(table, correction=False)`. It grows with the rows, so that only its p means something.
 * @param reference counts per bin; @param current counts of the same bins; both need a positive sum, else NaN
 * Cost: O(bins).
 */
export function chiSquareStatistic(reference: ArrayLike<number>, current: ArrayLike<number>): number {
  const m = totalOf(reference);
  const n = totalOf(current);
  if (n === 0 || m === 0) return Number.NaN;
  let sum = 0;
  for (let bin = 0; bin < reference.length; bin++) {
    const pooled = (reference[bin] as number) + (current[bin] as number);
    const difference = (current[bin] as number) / n - (reference[bin] as number) / m;
    if (pooled > 0) sum += (difference * difference) / pooled;
  }
  return sum * n * m;
}

/**
 * Hellinger distance √(½ Σ (√p − √q)²) of raw shares, 0 (equal) to 1 (disjoint).
 * @param reference counts per bin; @param current counts of the same bins; both need a positive sum, else NaN
 * Cost: O(bins).
 */
export function hellinger(reference: ArrayLike<number>, current: ArrayLike<number>): number {
  const m = totalOf(reference);
  const n = totalOf(current);
  if (n === 0 || m === 0) return Number.NaN;
  let sum = 0;
  for (let bin = 0; bin < reference.length; bin++) {
    const difference = Math.sqrt((reference[bin] as number) / m) - Math.sqrt((current[bin] as number) / n);
    sum += difference * difference;
  }
  return Math.min(1, Math.sqrt(sum / 2));
}

/**
 * L∞: the largest absolute difference of a bin's share, 0 to 1.
 * @param reference counts per bin; @param current counts of the same bins; both need a positive sum, else NaN
 * Cost: O(bins).
 */
export function largestDifference(reference: ArrayLike<number>, current: ArrayLike<number>): number {
  const m = totalOf(reference);
  const n = totalOf(current);
  if (n === 0 || m === 0) return Number.NaN;
  let largest = 0;
  for (let bin = 0; bin < reference.length; bin++) {
    largest = Math.max(largest, Math.abs((current[bin] as number) / n - (reference[bin] as number) / m));
  }
  return largest;
}
