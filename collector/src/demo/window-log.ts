/** The last verdicts of a stream that may run for ever. */
import type { DriftWindow } from '../index.ts';

const KEPT = 200;

/** Counts drift windows and keeps the last ones. */
export class WindowLog {
  #recent: DriftWindow[] = [];
  #total = 0;

  /** To be handed to `createMonitor` as `onWindow`. */
  readonly add = (window: DriftWindow): void => {
    this.#total++;
    this.#recent.push(window);
    if (this.#recent.length > KEPT) this.#recent.shift();
  };

  /** Windows judged. */
  get total(): number {
    return this.#total;
  }

  /** The last of them, at most 200, oldest first. */
  get recent(): readonly DriftWindow[] {
    return this.#recent;
  }
}
