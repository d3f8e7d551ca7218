/**
 * How far an estimate that is asymptotically normal may stray, at all times together, once it rests on many keys: the asymptotic
 * confidence sequence of I. Waudby-Smith, D. Arbour, R. Sinha, E. Kennedy & A. Ramdas, "Time-uniform central limit theory and asymptotic
 * confidence sequences", Annals of Statistics 52(6), 2024; https://arxiv.org/abs/2103.06476.
 */

/** Keys an arm needs before its asymptotic intervals are given. */
export const ASYMPTOTIC_KEYS = 500;
/** Keys of both arms at which the sequence is tightest. */
const TUNED_KEYS = 5_000;

/**
 * Half the width of the sequence: √(variance · (nρ² + 1)/(nρ²) · ln((nρ² + 1)/α²)), two-sided.
 * @param variance of the estimate, at this n @param n keys it rests on @param alpha both sides together
 */
export function asymptoticReach(variance: number, n: number, alpha: number): number {
  const squared = -2 * Math.log(alpha);
  const rho2 = (squared + Math.log(squared) + 1) / TUNED_KEYS;
  const grown = n * rho2 + 1;
  return Math.sqrt(variance * (grown / (n * rho2)) * (Math.log(grown) - 2 * Math.log(alpha)));
}
