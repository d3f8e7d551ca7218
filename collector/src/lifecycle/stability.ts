/** How steady accuracy is over time. */

/** Labels a window has at least: with 30 a model that is perfectly stable fails the gate of 0.95 more often than not. */
export const WINDOW_LABELS = 200;
/** Windows it takes at least. */
export const MIN_WINDOWS = 5;

/** Labelled predictions of one stretch of time, and how many of them were right. */
export interface WindowCount {
  readonly correct: number;
  readonly total: number;
}

/** Joins consecutive counts, given in the order of time, until each window has enough labels; what is left at the end is no window. */
export class WindowJoiner {
  readonly windows: WindowCount[] = [];
  readonly #labels: number;
  #correct = 0;
  #total = 0;

  /** @param labels a window has at least */
  constructor(labels: number = WINDOW_LABELS) {
    this.#labels = labels;
  }

  add({ correct, total }: WindowCount): void {
    this.#correct += correct;
    this.#total += total;
    if (this.#total < this.#labels) return;
    this.windows.push({ correct: this.#correct, total: this.#total });
    this.#correct = this.#total = 0;
  }
}

/**
 * 1 − the coefficient of variation of accuracy over consecutive disjoint windows: sample deviation (ddof 1) over mean, clipped
 * to 0–1; a mean of 0 gives 0. @param accuracies one per window; @returns null for fewer than five
 */
export function stability(accuracies: readonly number[]): number | null {
  const n = accuracies.length;
  if (n < MIN_WINDOWS) return null;
  const mean = accuracies.reduce((sum, accuracy) => sum + accuracy, 0) / n;
  if (mean === 0) return 0;
  const squares = accuracies.reduce((sum, accuracy) => sum + (accuracy - mean) ** 2, 0);
  return Math.min(1, Math.max(0, 1 - Math.sqrt(squares / (n - 1)) / mean));
}
