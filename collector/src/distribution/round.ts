/** Rounding as NumPy does it. */

/** The nearest whole number, a tie to the even one (`numpy.rint`). NaN and infinities stay. */
export function roundHalfEven(value: number): number {
  const down = Math.floor(value);
  if (value - down !== 0.5) return Math.round(value);
  return down % 2 === 0 ? down : down + 1;
}
