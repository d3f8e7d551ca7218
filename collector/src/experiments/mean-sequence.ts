/** The mean of one number a key in [0, 1], known at all times together. */
import { mixtureBoundary } from './mixture-boundary.ts';

/** Keys, the sum of their numbers, and of the squares about what was expected of each before it came. */
export interface MeanSequence {
  keys: number;
  total: number;
  squares: number;
}

/** Both ends of a sequence; null before there is any key. */
export interface Ends {
  readonly low: number | null;
  readonly high: number | null;
}

/** Ends of which nothing is known. */
export const NO_ENDS: Ends = Object.freeze({ low: null, high: null });

/** No key yet. */
export function noMeanSequence(): MeanSequence {
  return { keys: 0, total: 0, squares: 0 };
}

/** Counts a key. @param value in [0, 1] */
export function addMean(sequence: MeanSequence, value: number): void {
  const expected = (sequence.total + 0.5) / (sequence.keys + 1);
  sequence.squares += (value - expected) ** 2;
  sequence.total += value;
  sequence.keys++;
}

/** Ends of the mean of what was to be expected of the keys so far; each fails, at any time, with probability alpha at most. */
export function meanEnds({ keys, total, squares }: MeanSequence, alpha: number): Ends {
  if (keys === 0) return NO_ENDS;
  const reach = mixtureBoundary(squares, alpha);
  return { low: Math.max(0, (total - reach) / keys), high: Math.min(1, (total + reach) / keys) };
}
