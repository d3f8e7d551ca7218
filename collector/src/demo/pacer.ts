/** Lets rows pass at a steady rate without keeping the event loop from anything else. */
import { setImmediate, setTimeout } from 'node:timers/promises';

/** Ahead of the schedule by less than this, waiting is not worth a timer. */
const TOLERANCE = 5;
/** After so long without a pause the loop is given to others (a scrape, a signal, a drift verdict). Milliseconds. */
const MAX_RUN = 10;

/** Keeps a replay at a wanted number of rows per second. */
export class Pacer {
  readonly #interval: number;
  readonly #signal: AbortSignal;
  readonly #now: () => number;
  #start: number | undefined;
  #passed = 0;
  #lastPause = 0;

  /**
   * @param rowsPerSecond above 0; `Infinity` for as fast as possible
   * @param signal ends the waiting
   * @param now monotonic milliseconds
   */
  constructor(rowsPerSecond: number, signal: AbortSignal, now: () => number) {
    this.#interval = 1000 / rowsPerSecond;
    this.#signal = signal;
    this.#now = now;
  }

  /** Resolves when the next row may pass: true, or false when the signal says stop. The first may pass at once. */
  async next(): Promise<boolean> {
    const now = this.#now();
    if (this.#start === undefined) this.#start = this.#lastPause = now;
    const wait = this.#start + this.#passed++ * this.#interval - now;
    if (wait > TOLERANCE) await setTimeout(wait, undefined, { signal: this.#signal }).catch(() => undefined);
    else if (now - this.#lastPause > MAX_RUN) await setImmediate();
    else return !this.#signal.aborted;
    this.#lastPause = this.#now();
    return !this.#signal.aborted;
  }
}
