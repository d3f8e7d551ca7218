/** Population stability index of two distributions over the same bins or categories. */
import { totalOf } from './jensen-shannon.ts';

/** A share below this counts as this (and is not renormalised), here and in the recording rules alike. */
export const PSI_FLOOR = 1e-4;

/**
 * Σ (q − p) ln(q/p) over the bins' shares; 0 for equal distributions, no upper bound but that of the floor.
 * @param reference counts per bin; @param current counts of the same bins; both need a positive sum, else NaN
 * Cost: O(bins).
 */
export function populationStability(reference: ArrayLike<number>, current: ArrayLike<number>): number {
  const m = totalOf(reference);
  const n = totalOf(current);
  if (n === 0 || m === 0) return Number.NaN;
  let index = 0;
  for (let bin = 0; bin < reference.length; bin++) {
    const p = Math.max(PSI_FLOOR, (reference[bin] as number) / m);
    const q = Math.max(PSI_FLOOR, (current[bin] as number) / n);
    index += (q - p) * Math.log(q / p);
  }
  return index;
}
