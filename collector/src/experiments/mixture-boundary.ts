/**
 * How far a sum of bounded, centred observations may stray, at all times together: the gamma-exponential mixture boundary.
 *
 * For g with |g| ≤ 1 and E[g | past] = δ, exp(λ(g − δ) − ψ(λ)g²), ψ(λ) = −log(1 − λ) − λ, has at most mean 1 for each λ in [0, 1)
 * (X. Fan, I. Grama & Q. Liu, "Exponential inequalities for martingales with applications", 2015), so the product over
 * observations is a supermartingale, and so is its mean over a gamma distribution of 1 − λ. By Ville's inequality P(it ever reaches
 * 1/α) ≤ α. S. Howard, A. Ramdas, J. McAuliffe & J. Sekhon, "Time-uniform, nonparametric, nonasymptotic confidence sequences", Annals of
 * Statistics 49(2), 2021, theorem 4 and proposition 9; https://arxiv.org/abs/1810.08240. Nothing is assumed about how δ or the spread
 * change with time. Chosen over betting with a predictable stake (Waudby-Smith & Ramdas 2023), which covers a mean that does not change: at
 * 0.85 against 0.88, even split, it decides after 4,700 keys (median), a mixture of constant stakes after 4,500, the predictable one after 8,100.
 */
import jstat from 'jstat';
import { normalTail } from '../drift/normal.ts';

const { gammaln, lowRegGamma } = jstat.jStat;

/**
 * Where the boundary is tightest: at v about ten times this. 2,000 keys, one prediction each, at accuracy 0.85 have v = 255; with 20
 * alike predictions each (intra-class correlation 0.2) 60.
 */
export const MIXTURE_RHO = 20;
/** From here on Wilson and Hilferty's approximation of the incomplete gamma function is right to 1e-5, and its series slow. */
const LARGE_SHAPE = 5_000;

/** ln of the mixture at a sum s and a sum of squares v: evidence against δ = 0, one way. Cost: O(v) below 5,000, then O(1). */
export function logMixture(s: number, v: number, rho: number = MIXTURE_RHO): number {
  const shape = v + rho;
  const rate = s + v + rho;
  // Far on the other side: no evidence at all.
  if (rate <= 0) return Number.NEGATIVE_INFINITY;
  const prior = rho * Math.log(rho) - gammaln(rho) - Math.log(lowerGamma(rho, rho));
  return prior + gammaln(shape) + Math.log(lowerGamma(shape, rate)) - shape * Math.log(rate) + s + v;
}

/**
 * The largest sum that is no evidence at level alpha yet: P(at some time Σ(g − δ) > boundary(Σg²)) ≤ alpha. The other way is the
 * same boundary for −g. @param v sum of squares, from 0
 */
export function mixtureBoundary(v: number, alpha: number, rho: number = MIXTURE_RHO): number {
  const wanted = -Math.log(alpha);
  // The mixture is below exp(s²/2v), so the root is above √(2v·wanted).
  let low = Math.sqrt(2 * v * wanted);
  let high = Math.max(1, 2 * low);
  while (logMixture(high, v, rho) < wanted) [low, high] = [high, 2 * high];
  while (high - low > 1e-10 * high) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) break;
    if (logMixture(middle, v, rho) < wanted) low = middle;
    else high = middle;
  }
  return high;
}

/** Whether a sum lies beyond the boundary at its sum of squares: one evaluation, and none where that is far from so. */
export function isBeyond(s: number, v: number, alpha: number): boolean {
  const wanted = -Math.log(alpha);
  return s > 0 && s * s > 2 * v * wanted && logMixture(s, v) >= wanted;
}

/** P(a, x), the regularised lower incomplete gamma function. */
function lowerGamma(shape: number, x: number): number {
  if (shape < LARGE_SHAPE) return lowRegGamma(shape, x);
  return normalTail(-3 * Math.sqrt(shape) * (Math.cbrt(x / shape) - 1 + 1 / (9 * shape)));
}
