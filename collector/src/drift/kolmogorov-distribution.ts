/**
 * Upper tail of the Kolmogorov–Smirnov distance D_n of one sample of n against its own continuous distribution.
 * Which formula serves where follows Simard & L'Ecuyer, "Computing the two-sided Kolmogorov–Smirnov distribution",
 * Journal of Statistical Software 39(11), 2011; SciPy's `kstwo.sf` is the reference implementation.
 */
import { binomialDensity, logFactorial } from '../distribution/factorial.ts';
import { durbinCdf } from './durbin-matrix.ts';
import { pelzGoodCdf } from './pelz-good.ts';

/** Up to here the matrix method is cheap for every distance that is not in the far tail. */
const SMALL_N = 140;

/** P(D_n > d). @param n whole number ≥ 1. @param d distance. Cost: O(n) in the right tail, O(m³ log n) with m ≈ 2nd on the left. */
export function kolmogorovTail(n: number, d: number): number {
  const t = n * d;
  if (d >= 1) return 0;
  if (t <= 0.5) return 1;
  if (t <= 1) return clip(1 - Math.exp(logFactorial(n) - n * Math.log(n) + n * Math.log(2 * t - 1)));
  if (t >= n - 1) return clip(2 * (1 - d) ** n);
  const z2 = t * d;
  if (d >= 0.5 || z2 > (n <= SMALL_N ? 4 : 2.2)) return z2 >= 370 ? 0 : clip(2 * oneSidedTail(n, d));
  if (n <= SMALL_N || (n <= 100_000 && n * d ** 1.5 <= 1.4)) return clip(1 - durbinCdf(n, d));
  return clip(1 - pelzGoodCdf(n, d));
}

/**
 * P(D⁺_n ≥ d), exact: Σ_j d/q · Binomial(j; n, q) with q = d + j/n (Smirnov 1944 in Dwass's form; all terms positive).
 * Twice this is the two-sided tail where both sides cannot, or all but cannot, be exceeded together.
 */
function oneSidedTail(n: number, d: number): number {
  let sum = 0;
  for (let j = Math.floor(n * (1 - d)); j >= 0; j--) {
    const q = d + j / n;
    if (q < 1) sum += (d / q) * binomialDensity(j, n, q);
  }
  return sum;
}

function clip(probability: number): number {
  return Math.min(1, Math.max(0, probability));
}
