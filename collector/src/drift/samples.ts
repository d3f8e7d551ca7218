/** A numeric sample as distinct values with counts: ties cost nothing, and a reference of any size has bounded memory. */
export interface ValueCounts {
  /** Distinct finite values, ascending. */
  readonly values: Float64Array;
  /** Rows that hold each value, as many as `values`. */
  readonly counts: Float64Array;
  /** Sum of `counts`. */
  readonly total: number;
}

/**
 * Counts ties.
 * @param sorted finite values, ascending; where none is tied they become the result's values and must not change any more
 * Cost: O(n).
 */
export function countValues(sorted: Float64Array): ValueCounts {
  const total = sorted.length;
  const distinct = distinctOf(sorted);
  if (distinct === total) return { values: sorted, counts: new Float64Array(total).fill(1), total };
  const values = new Float64Array(distinct);
  const counts = new Float64Array(distinct);
  let last = -1;
  for (let index = 0; index < total; index++) {
    const value = sorted[index] as number;
    if (last < 0 || values[last] !== value) values[++last] = value;
    counts[last]!++;
  }
  return { values, counts, total };
}

function distinctOf(sorted: Float64Array): number {
  let distinct = Math.min(1, sorted.length);
  for (let index = 1; index < sorted.length; index++) {
    if (sorted[index] !== sorted[index - 1]) distinct++;
  }
  return distinct;
}
