/** Which way a numeric feature moved. */
import { normalTail } from './normal.ts';
import type { ValueCounts } from './samples.ts';

/** The location of one sample beside another. */
export interface LocationShift {
  /** P(current > reference) − P(current < reference), −1 to 1; 0 says that neither tends to be larger (Cliff's δ). */
  readonly superiority: number;
  /** Two-sided Mann–Whitney p by the normal limit with ties, no continuity correction: SciPy's `mannwhitneyu`. */
  readonly pValue: number;
}

/**
 * Compares locations by ranks, so that no outlier and no unit matters.
 * @returns NaN when a sample is empty; p = 1 where all rows hold one value. Cost: O(distinct values).
 */
export function locationShift(reference: ValueCounts, current: ValueCounts): LocationShift {
  const [n, m] = [current.total, reference.total];
  if (n === 0 || m === 0) return { superiority: Number.NaN, pValue: Number.NaN };
  const total = n + m;
  let [i, j, belowReference, above, ties] = [0, 0, 0, 0, 0];
  while (i < current.values.length || j < reference.values.length) {
    const value = current.values[i] ?? Number.POSITIVE_INFINITY;
    const other = reference.values[j] ?? Number.POSITIVE_INFINITY;
    const here = value <= other ? (current.counts[i++] as number) : 0;
    const there = other <= value ? (reference.counts[j++] as number) : 0;
    // Twice the wins plus the ties, in shares of the pairs.
    above += (here / n) * ((2 * belowReference + there) / m);
    belowReference += there;
    ties += ((here + there) / total) ** 3;
  }
  const superiority = above - 1;
  // The variance of superiority without drift: (N + 1)/(3nm), less by the ties.
  const variance = ((total / (3 * n * m)) * (1 - ties) * total) / Math.max(1, total - 1);
  return { superiority, pValue: variance > 0 ? 2 * normalTail(Math.abs(superiority) / Math.sqrt(variance)) : 1 };
}
