/** The sums that the measures of a regression are made of. */

/** What adds up. With e = predicted − actual, d = actual − centre, f = |e| / max(|actual|, 2⁻⁵²). */
export interface RegressionSums {
  n: number;
  /** Σ max(0, e) and Σ max(0, −e). */
  over: number;
  under: number;
  /** Σ f and Σ f² over labels of at least 2⁻⁵². */
  f: number;
  f2: number;
  /** The others, and their sums: so large that, once taken back, nothing would be left of the digits of the rest. */
  tiny: number;
  tinyF: number;
  tinyF2: number;
  e2: number;
  e4: number;
  /** Σ d … Σ d⁴, and Σ e²d, Σ e²d². */
  d: number;
  d2: number;
  d3: number;
  d4: number;
  e2d: number;
  e2d2: number;
}

/** The smallest label that a percentage error is taken of, as scikit-learn. */
export const SMALLEST_LABEL = Number.EPSILON;

/** A new set of zeros. */
export function noSums(): RegressionSums {
  const tiny = { tiny: 0, tinyF: 0, tinyF2: 0 };
  return { n: 0, over: 0, under: 0, f: 0, f2: 0, ...tiny, e2: 0, e4: 0, d: 0, d2: 0, d3: 0, d4: 0, e2d: 0, e2d2: 0 };
}

/** What one sample adds. @param d its label's distance from the centre */
export function sumsOf(error: number, actual: number, d: number): RegressionSums {
  const e2 = error * error;
  const d2 = d * d;
  const f = Math.abs(error) / Math.max(Math.abs(actual), SMALLEST_LABEL);
  const tiny = Math.abs(actual) < SMALLEST_LABEL;
  return {
    n: 1,
    over: Math.max(0, error),
    under: Math.max(0, -error),
    ...(tiny ? { f: 0, f2: 0, tiny: 1, tinyF: f, tinyF2: f * f } : { f, f2: f * f, tiny: 0, tinyF: 0, tinyF2: 0 }),
    ...{ e2, e4: e2 * e2 },
    ...{ d, d2, d3: d2 * d, d4: d2 * d2, e2d: e2 * d, e2d2: e2 * d2 },
  };
}

/**
 * Adds (count 1) or takes back (count −1). What rounding drops of a sum is kept in `rest` (A. Neumaier, 1974): else a label of 10⁹ that
 * was a slip of the pen, and was corrected, would leave 10² in the sum of squares for good.
 */
export function addSums(sums: RegressionSums, rest: RegressionSums, other: RegressionSums, count: number): void {
  for (const key of Object.keys(sums) as (keyof RegressionSums)[]) {
    const [before, added] = [sums[key], count * other[key]];
    const after = before + added;
    const [larger, smaller] = Math.abs(before) >= Math.abs(added) ? [before, added] : [added, before];
    sums[key] = after;
    // An infinite sum has no rest.
    if (Number.isFinite(after)) rest[key] += larger - after + smaller;
  }
}

/** Sums with their rests. */
export function totals(sums: RegressionSums, rest: RegressionSums): RegressionSums {
  const whole = { ...sums };
  for (const key of Object.keys(whole) as (keyof RegressionSums)[]) whole[key] += rest[key];
  return whole;
}

/** The same sums about a centre that lies `shift` higher (Taylor's expansion of the powers; exact but for rounding). */
export function recentred(sums: RegressionSums, shift: number): RegressionSums {
  if (shift === 0) return sums;
  const { n, d, d2, d3, d4, e2, e2d, e2d2 } = sums;
  return {
    ...sums,
    d: d - n * shift,
    d2: d2 - 2 * shift * d + n * shift ** 2,
    d3: d3 - 3 * shift * d2 + 3 * shift ** 2 * d - n * shift ** 3,
    d4: d4 - 4 * shift * d3 + 6 * shift ** 2 * d2 - 4 * shift ** 3 * d + n * shift ** 4,
    e2d: e2d - shift * e2,
    e2d2: e2d2 - 2 * shift * e2d + shift ** 2 * e2,
  };
}
