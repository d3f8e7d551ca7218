/** Two-sample Kolmogorov–Smirnov test, two-sided, as SciPy's `ks_2samp(method="auto")`. */
import { roundHalfEven } from '../distribution/round.ts';
import { kolmogorovTail } from './kolmogorov-distribution.ts';
import { latticeTail, squareTail } from './lattice-paths.ts';
import type { ValueCounts } from './samples.ts';

/** The statistic with its p-value, and how that was computed. */
export interface KolmogorovSmirnovResult {
  /** Largest distance of the two empirical distribution functions, 0 to 1. */
  readonly statistic: number;
  /** Probability of at least this distance without drift (ties make it conservative). */
  readonly pValue: number;
  readonly method: 'exact' | 'asymptotic';
}

/** SciPy's limit: up to this size of the larger sample p is exact. */
const EXACT_SIZE = 10_000;
/** Below this the limit law speaks for the exact p: no verdict can depend on it, and the exact one would cost up to n·m steps. */
const FAR_TAIL = 1e-12;
/** Up to so many steps p is exact however small: the limit law says 0 where 1 row against 2 has a p of 2/3. */
const AFFORDABLE_STEPS = 1_000_000;

/**
 * Compares two samples.
 * Statistic: exact, in whole numbers. p: exact where both sizes are ≤ 10,000 and, beyond 10⁶ pairs, p is not below 1e-12, else Kolmogorov's
 * distribution at the effective size nm/(n + m).
 * @returns statistic and p NaN when a sample is empty
 * Cost: O(distinct values) for the statistic; exact p at most about 4·√(nm(n + m)) additions (10 ms for 5,000 against 10,000, mostly 1 to 2).
 */
export function kolmogorovSmirnov(reference: ValueCounts, current: ValueCounts): KolmogorovSmirnovResult {
  const [n, m] = [current.total, reference.total];
  if (n === 0 || m === 0) return { statistic: Number.NaN, pValue: Number.NaN, method: 'exact' };
  const g = greatestCommonDivisor(n, m);
  const steps = largestDistance(reference, current, n / g, m / g);
  const statistic = steps / ((n / g) * m);
  if (steps === 0) return { statistic, pValue: 1, method: 'exact' };
  const small = Math.max(n, m) <= EXACT_SIZE;
  if (small && n === m) return { statistic, pValue: squareTail(n, steps), method: 'exact' };
  const limit = kolmogorovTail(Math.max(1, roundHalfEven((n * m) / (n + m))), statistic);
  if (!small || (limit < FAR_TAIL && n * m > AFFORDABLE_STEPS))
    return { statistic, pValue: limit, method: 'asymptotic' };
  return { statistic, pValue: latticeTail(n, m, g, steps), method: 'exact' };
}

/** The statistic alone, where no p is wanted; NaN when a sample is empty. Cost: O(distinct values). */
export function kolmogorovSmirnovDistance(reference: ValueCounts, current: ValueCounts): number {
  const [n, m] = [current.total, reference.total];
  if (n === 0 || m === 0) return Number.NaN;
  const g = greatestCommonDivisor(n, m);
  return largestDistance(reference, current, n / g, m / g) / ((n / g) * m);
}

/**
 * The distance that chance alone exceeds with probability α, by Smirnov's limit √(ln(2/α)/2 · (n + m)/(nm)); the recording
 * rules use the same formula.
 */
export function ksNullQuantile(alpha: number, n: number, m: number): number {
  return Math.sqrt((Math.log(2 / alpha) / 2) * (1 / n + 1 / m));
}

/** max |F_current − F_reference| in units of g/(nm), so that no rounding decides. */
function largestDistance(reference: ValueCounts, current: ValueCounts, nStep: number, mStep: number): number {
  let i = 0;
  let j = 0;
  // How far the current sample's share below is ahead of the reference's, in those units.
  let ahead = 0;
  let most = 0;
  let least = 0;
  while (i < current.values.length && j < reference.values.length) {
    const value = current.values[i] as number;
    const other = reference.values[j] as number;
    // Arithmetic instead of branches, which no processor could foresee here: twice as fast on large samples.
    const step = Number(value <= other) | 0;
    const otherStep = Number(other <= value) | 0;
    ahead += step * (current.counts[i] as number) * mStep - otherStep * (reference.counts[j] as number) * nStep;
    i = (i + step) | 0;
    j = (j + otherStep) | 0;
    most = Math.max(most, ahead);
    least = Math.min(least, ahead);
  }
  return Math.max(most, -least);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
