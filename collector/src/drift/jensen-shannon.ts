/** Jensen–Shannon divergence of two distributions over the same bins or categories. */

/**
 * Divergence in natural units, 0 to ln 2, of raw shares (no smoothing): the square of SciPy's `jensenshannon(p, q)`.
 * @param reference counts per bin; @param current counts of the same bins; both need a positive sum, else NaN
 * Cost: O(bins).
 */
export function jensenShannon(reference: ArrayLike<number>, current: ArrayLike<number>): number {
  const m = totalOf(reference);
  const n = totalOf(current);
  if (n === 0 || m === 0) return Number.NaN;
  let divergence = 0;
  for (let bin = 0; bin < reference.length; bin++) {
    const p = (reference[bin] as number) / m;
    const q = (current[bin] as number) / n;
    const middle = (p + q) / 2;
    if (p > 0) divergence += p * Math.log(p / middle);
    if (q > 0) divergence += q * Math.log(q / middle);
  }
  return Math.max(0, divergence / 2);
}

/** Sum of counts. */
export function totalOf(counts: ArrayLike<number>): number {
  let total = 0;
  for (let bin = 0; bin < counts.length; bin++) total += counts[bin] as number;
  return total;
}
