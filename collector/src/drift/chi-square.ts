/** The χ² distribution, any positive (also fractional) degrees of freedom. */
import jstat from 'jstat';

const { jStat } = jstat;
const MAX_TERMS = 10_000;
const TINY = 1e-300;

/**
 * Upper tail P(X > x). The right tail keeps its relative precision: `1 − P` would lose every digit below 1e-16.
 * @param x statistic; below 0 gives 1
 * @param degrees degrees of freedom, > 0
 */
export function chiSquareTail(x: number, degrees: number): number {
  if (!(x > 0)) return Number.isNaN(x) ? Number.NaN : 1;
  const a = degrees / 2;
  return x / 2 < a + 1 ? 1 - jStat.lowRegGamma(a, x / 2) : upperGamma(a, x / 2);
}

/** The x with P(X ≤ x) = p. @param p in (0, 1). @param degrees > 0 */
export function chiSquareQuantile(p: number, degrees: number): number {
  return 2 * jStat.gammapinv(p, degrees / 2);
}

/** Regularised Q(a, x) for x ≥ a + 1 by Lentz's continued fraction (Press et al., Numerical Recipes, 6.2; DLMF 8.9.2). */
function upperGamma(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1 / TINY;
  let d = 1 / b;
  let fraction = d;
  for (let term = 1; term < MAX_TERMS; term++) {
    const numerator = -term * (term - a);
    b += 2;
    d = 1 / nonZero(numerator * d + b);
    c = nonZero(b + numerator / c);
    const factor = d * c;
    fraction *= factor;
    if (Math.abs(factor - 1) < Number.EPSILON) break;
  }
  return Math.exp(a * Math.log(x) - x - jStat.gammaln(a)) * fraction;
}

function nonZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}
