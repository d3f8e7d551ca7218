/** Shift of the predicted classes between two windows: the largest absolute change of a share. */
import { checkCounts, checkRecord, refused } from '../distribution/arguments.ts';
import { chiSquareQuantile } from './chi-square.ts';
import type { Verdict } from './verdict-names.ts';

/** When a shift counts. */
export interface ShiftOptions {
  /** Changes up to this are no shift (default 0.1). */
  readonly threshold?: number;
  /** False-alarm rate over all classes (default 0.01). */
  readonly alpha?: number;
  /** Predictions both windows need (default 200). */
  readonly minimum?: number;
}

/** How far the shares moved, and whether that counts. */
export interface ShiftResult {
  /** Largest absolute change of a class's share, 0 to 1; null when a window is empty. */
  readonly value: number | null;
  /** The class that changed most; null when a window is empty. */
  readonly class: string | null;
  readonly threshold: number;
  /** What chance alone exceeds with probability α over all classes; null when a window is empty. */
  readonly null_quantile: number | null;
  /** Predictions in the current window. */
  readonly n: number;
  /** Predictions in the window compared with. */
  readonly m: number;
  readonly verdict: Verdict;
}

/**
 * Compares predicted-class counts. Drifted ⇔ the change is above the threshold *and* above its null quantile: the normal
 * approximation to the difference of two proportions, pooled, Bonferroni over the classes.
 * No predictions on a side: `insufficient_data`, all null.
 * @param previous counts per class of the window compared with; @param current of the window judged
 * @throws PlumblineError `invalid_request` naming what is no whole number from 0, or the option that is out of range
 * Cost: O(classes).
 */
export function predictionShift(
  previous: ReadonlyMap<string, number>,
  current: ReadonlyMap<string, number>,
  options: ShiftOptions = {},
): ShiftResult {
  checkCounts(previous, 'previous');
  checkCounts(current, 'current');
  const { threshold, alpha, minimum } = checked(options);
  const m = sumOf(previous);
  const n = sumOf(current);
  if (n === 0 || m === 0) {
    return { value: null, class: null, threshold, null_quantile: null, n, m, verdict: 'insufficient_data' };
  }
  const classes = [...new Set([...previous.keys(), ...current.keys()])];
  const z = Math.sqrt(chiSquareQuantile(1 - alpha / classes.length, 1));
  let [value, changed, nullQuantile] = [-1, '', 0];
  for (const name of classes) {
    const [before, now] = [previous.get(name) ?? 0, current.get(name) ?? 0];
    const change = Math.abs(now / n - before / m);
    if (change > value) [value, changed] = [change, name];
    const share = (before + now) / (n + m);
    nullQuantile = Math.max(nullQuantile, z * Math.sqrt(share * (1 - share) * (1 / n + 1 / m)));
  }
  const enough = Math.min(n, m) >= minimum;
  const shifted = value > threshold && value > nullQuantile;
  const verdict = enough ? (shifted ? 'drifted' : 'stable') : 'insufficient_data';
  return { value, class: changed, threshold, null_quantile: nullQuantile, n, m, verdict };
}

function checked(options: ShiftOptions): Required<ShiftOptions> {
  checkRecord(options, 'options');
  const { threshold = 0.1, alpha = 0.01, minimum = 200 } = options;
  const help = 'Leave it out for the default.';
  if (!(typeof threshold === 'number' && threshold >= 0 && threshold <= 1)) throw refused('threshold', '0 to 1', help);
  if (!(typeof alpha === 'number' && alpha > 0 && alpha < 1)) throw refused('alpha', 'between 0 and 1', help);
  if (!(Number.isSafeInteger(minimum) && minimum >= 1)) throw refused('minimum', 'a whole number from 1', help);
  return { threshold, alpha, minimum };
}

function sumOf(counts: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const count of counts.values()) sum += count;
  return sum;
}
