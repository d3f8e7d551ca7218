/** A numeric sample as distinct values with counts: ties cost nothing, and a reference of any size has bounded memory. */
export interface ValueCounts {
  /** Distinct finite values, ascending. */
  readonly values: Float64Array;
  /** Rows that hold each value, as many as `values`. */
  readonly counts: Float64Array;
  /** Sum of `counts`. */
  readonly total: number;
}

/** Counts ties. @param sorted finite values, ascending. Cost: O(n). */
export function countValues(sorted: Float64Array): ValueCounts {
  const values = new Float64Array(sorted.length);
  const counts = new Float64Array(sorted.length);
  let distinct = 0;
  for (const value of sorted) {
    if (distinct === 0 || values[distinct - 1] !== value) values[distinct++] = value;
    counts[distinct - 1] = (counts[distinct - 1] as number) + 1;
  }
  return { values: values.slice(0, distinct), counts: counts.slice(0, distinct), total: sorted.length };
}
