/** Wilson's score interval, for proportions and for what behaves like one. */
import { UNMEASURED, type Measured } from './measured.ts';

/** The 0.975 quantile of the standard normal distribution. */
export const Z_95 = 1.959963984540054;

/** Both ends of a 95 % interval. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * Wilson's 95 % score interval of a proportion (E. B. Wilson, 1927), as SciPy
 * `binomtest(k, n).proportion_ci(confidence_level=0.95, method='wilson')`. Never of zero width: k = 0 and k = n leave about
 * 3.84 / (n + 3.84) open, which covers the rule of three. n = 0: all of [0, 1]. NaN in, NaN out.
 * @param successes k, 0 ≤ k ≤ n
 * @param n trials; may be fractional (an effective number)
 */
export function wilsonInterval(successes: number, n: number): Interval {
  const p = successes / n;
  const centre = p + (Z_95 * Z_95) / (2 * n);
  const spread = Z_95 * Math.sqrt((p * (1 - p)) / n + (Z_95 * Z_95) / (4 * n * n));
  const scale = 1 + (Z_95 * Z_95) / n;
  return {
    low: successes === 0 ? 0 : Math.max(0, (centre - spread) / scale),
    high: successes === n ? 1 : Math.min(1, (centre + spread) / scale),
  };
}

/** A proportion with Wilson's interval; no value of no trials. */
export function measuredProportion(successes: number, n: number): Measured {
  if (n === 0) return UNMEASURED;
  return { value: successes / n, n, ...wilsonInterval(successes, n), method: 'wilson' };
}

/**
 * Wilson's interval of the mean of n independent values in [0, 1], or of a ratio of such means, whose standard error is known:
 * that of a proportion with as many trials as would give this error (Kish's effective sample size). Where the values show no
 * variance, or the mean is 0 or 1, the trials are n: no values in [0, 1] vary more than n coin flips of the same mean, so this
 * is conservative, and never of zero width.
 * @param value in [0, 1]
 * @param variance square of its standard error, NaN and negative count as none
 * @param n samples, at least 1
 */
export function wilsonOfMean(value: number, variance: number, n: number): Interval {
  const effective = variance > 0 && value > 0 && value < 1 ? (value * (1 - value)) / variance : n;
  // A variance near the smallest double would ask for infinitely many.
  const trials = Math.min(effective, Number.MAX_SAFE_INTEGER);
  const { low, high } = wilsonInterval(value * trials, trials);
  // Rounding of value · trials must not open or close an end.
  return { low: Math.min(low, value), high: Math.max(high, value) };
}
