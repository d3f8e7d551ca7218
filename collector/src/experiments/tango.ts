/** The score interval of a difference of paired proportions. */
import { Z_95, type Interval } from '../performance/wilson.ts';

/**
 * T. Tango's 95 % interval of (onlyA − onlyB)/n ("Equivalence test and confidence interval for the difference in proportions for the
 * paired-sample design", Statistics in Medicine 17, 1998): all differences that its score test does not refute. Never of zero
 * width. Cost: O(1), a bisection each end. @param n rows, at least 1
 */
export function tangoInterval(onlyA: number, onlyB: number, n: number): Interval {
  const value = (onlyA - onlyB) / n;
  // The score falls as the supposed difference grows.
  const end = (wanted: number, low: number, high: number): number => {
    let [from, to] = [low, high];
    while (to - from > 1e-13) {
      const middle = (from + to) / 2;
      if (score(onlyA, onlyB, n, middle) > wanted) from = middle;
      else to = middle;
    }
    return (from + to) / 2;
  };
  return { low: onlyB === n ? -1 : end(Z_95, -1, value), high: onlyA === n ? 1 : end(-Z_95, value, 1) };
}

/** (b − c − nδ)/√(n(2q + δ(1 − δ))), with q = P(only b right) at its most likely under δ. */
function score(onlyA: number, onlyB: number, n: number, delta: number): number {
  const linear = -onlyA - onlyB + (2 * n - onlyA + onlyB) * delta;
  const constant = -onlyB * delta * (1 - delta);
  const q = (Math.sqrt(Math.max(0, linear * linear - 8 * n * constant)) - linear) / (4 * n);
  const variance = n * (2 * q + delta * (1 - delta));
  const distance = onlyA - onlyB - n * delta;
  return variance > 0 ? distance / Math.sqrt(variance) : Math.sign(distance) * Number.MAX_VALUE;
}
