/** Features brought to mean 0 and standard deviation 1, as the training rows have them. */
export interface Scale {
  readonly mean: Float64Array;
  /** Population standard deviation; 1 where a feature is constant in the training rows, so that nothing divides by 0. */
  readonly deviation: Float64Array;
}

/** @param rows at least one, all of one length */
export function fitScale(rows: readonly Float64Array[]): Scale {
  const width = rows[0]?.length ?? 0;
  const mean = new Float64Array(width);
  const deviation = new Float64Array(width);
  for (let feature = 0; feature < width; feature++) {
    const values = rows.map((row) => row[feature] as number);
    const first = values[0] as number;
    // Sums of the distances from the first value: a constant feature gives exactly 0, not a rounding error to divide by.
    const shift = values.reduce((sum, value) => sum + (value - first), 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - first - shift) ** 2, 0) / values.length;
    mean[feature] = first + shift;
    deviation[feature] = variance === 0 ? 1 : Math.sqrt(variance);
  }
  return { mean, deviation };
}

/** The standardised row. */
export function scaled(row: Float64Array, { mean, deviation }: Scale): Float64Array {
  return row.map((value, feature) => (value - (mean[feature] as number)) / (deviation[feature] as number));
}
