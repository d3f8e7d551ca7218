/** The sums that the measures of a regression are made of. */

/**
 * What adds up, in this order. With e = predicted − actual, d = actual − centre, f = |e| / max(|actual|, 2⁻⁵²): `over` and `under` are
 * Σ max(0, e) and Σ max(0, −e); `f`, `f2` sum over labels of at least 2⁻⁵², and `tiny` counts the others, with sums of their own: so
 * large that, once taken back, nothing would be left of the digits of the rest. The others are sums of the powers their names say.
 */
export const SUM_NAMES = [
  ...(['n', 'over', 'under', 'f', 'f2', 'tiny', 'tinyF', 'tinyF2'] as const),
  ...(['e2', 'e4', 'd', 'd2', 'd3', 'd4', 'e2d', 'e2d2'] as const),
] as const;

/** The sums by name. */
export type RegressionSums = Readonly<Record<(typeof SUM_NAMES)[number], number>>;

/** The smallest label that a percentage error is taken of, as scikit-learn. */
export const SMALLEST_LABEL = Number.EPSILON;

/** A new set of zeros. */
export function noSums(): Float64Array {
  return new Float64Array(SUM_NAMES.length);
}

/** The sums by name, with what rounding dropped of them. */
export function namedSums(sums: Float64Array, rest?: Float64Array): RegressionSums {
  const entries = SUM_NAMES.map((name, index) => [name, (sums[index] as number) + (rest?.[index] ?? 0)]);
  return Object.fromEntries(entries) as RegressionSums;
}

/** Writes what one sample adds. @param d its label's distance from the centre */
export function writeSums(into: Float64Array, error: number, actual: number, d: number): void {
  const e2 = error * error;
  const d2 = d * d;
  const f = Math.abs(error) / Math.max(Math.abs(actual), SMALLEST_LABEL);
  const tiny = Math.abs(actual) < SMALLEST_LABEL;
  into[0] = 1;
  into[1] = Math.max(0, error);
  into[2] = Math.max(0, -error);
  into[3] = tiny ? 0 : f;
  into[4] = tiny ? 0 : f * f;
  into[5] = Number(tiny);
  into[6] = tiny ? f : 0;
  into[7] = tiny ? f * f : 0;
  into[8] = e2;
  into[9] = e2 * e2;
  into[10] = d;
  into[11] = d2;
  into[12] = d2 * d;
  into[13] = d2 * d2;
  into[14] = e2 * d;
  into[15] = e2 * d2;
}

/**
 * Adds (count 1) or takes back (count −1). What rounding drops of a sum is kept in `rest` (A. Neumaier, 1974): else a label of 10⁹ that
 * was a slip of the pen, and was corrected, would leave 10² in the sum of squares for good.
 */
export function addSums(sums: Float64Array, rest: Float64Array, other: Float64Array, count: number): void {
  for (let index = 0; index < sums.length; index++) {
    const before = sums[index] as number;
    const added = count * (other[index] as number);
    const after = before + added;
    sums[index] = after;
    // An infinite sum has no rest.
    if (after - after !== 0) continue;
    rest[index]! += Math.abs(before) >= Math.abs(added) ? before - after + added : added - after + before;
  }
}

/** The same sums about a centre that lies `shift` higher (Taylor's expansion of the powers; exact but for rounding), a copy. */
export function recentred(sums: Float64Array, shift: number): Float64Array {
  const moved = Float64Array.from(sums);
  if (shift === 0) return moved;
  const { n, d, d2, d3, d4, e2, e2d, e2d2 } = namedSums(sums);
  moved[10] = d - n * shift;
  moved[11] = d2 - 2 * shift * d + n * shift ** 2;
  moved[12] = d3 - 3 * shift * d2 + 3 * shift ** 2 * d - n * shift ** 3;
  moved[13] = d4 - 4 * shift * d3 + 6 * shift ** 2 * d2 - 4 * shift ** 3 * d + n * shift ** 4;
  moved[14] = e2d - shift * e2;
  moved[15] = e2d2 - 2 * shift * e2d + shift ** 2 * e2;
  return moved;
}
