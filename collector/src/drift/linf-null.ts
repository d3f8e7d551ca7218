/** What chance does to the largest difference of a share. */
import { chiSquareQuantile } from './chi-square.ts';
import { totalOf } from './jensen-shannon.ts';
import { normalTail } from './normal.ts';

const BISECTIONS = 24;

/**
 * Null p and quantile of L∞ by the union bound over the bins' normal limits: each share's difference has the variance
 * p(1 − p)(1/n + 1/m), p pooled. The bound errs to the safe side, hardly at small p: two bins are two names of one
 * difference and are counted once.
 * @param value the observed L∞; both samples need rows
 * Cost: O(bins), about 30 times.
 */
export function linfNull(
  value: number,
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
  alpha: number,
): { pValue: number; nullQuantile: number; method: 'union-bound' } {
  const m = totalOf(reference);
  const n = totalOf(current);
  const deviations: number[] = [];
  for (let bin = 0; bin < reference.length; bin++) {
    const share = ((reference[bin] as number) + (current[bin] as number)) / (n + m);
    if (share > 0 && share < 1) deviations.push(Math.sqrt(share * (1 - share) * (1 / n + 1 / m)));
  }
  if (deviations.length === 2) deviations.pop();
  const tail = (at: number): number =>
    deviations.reduce((sum, deviation) => sum + (deviation > 0 ? 2 * normalTail(at / deviation) : 0), 0);
  const widest = Math.max(0, ...deviations);
  let low = widest * Math.sqrt(chiSquareQuantile(1 - alpha, 1));
  let high = widest * Math.sqrt(chiSquareQuantile(1 - alpha / Math.max(1, deviations.length), 1));
  for (let step = 0; step < BISECTIONS && low < high; step++) {
    const middle = (low + high) / 2;
    if (tail(middle) > alpha) low = middle;
    else high = middle;
  }
  return { pValue: Math.min(1, tail(value)), nullQuantile: Math.min(1, high), method: 'union-bound' };
}
