/** When a window closes: after so many predictions, or so much time after its first one, whichever comes first. */

export interface WindowSize {
  /** Predictions. */
  readonly rows: number;
  /** Milliseconds; Infinity for windows by count alone. */
  readonly duration: number;
}

/** Counts one window after the other. Every part that keeps windows has one; told the same, they close the same. */
export class WindowClock {
  readonly #size: WindowSize;
  #rows = 0;
  #start = 0;

  constructor(size: WindowSize) {
    this.#size = size;
  }

  /** Predictions in the open window. */
  get rows(): number {
    return this.#rows;
  }

  /** Whether the open window has something in it and its time is over. Ask before each prediction. @param now arrival, epoch ms */
  overdue(now: number): boolean {
    return this.#rows > 0 && now - this.#start >= this.#size.duration;
  }

  /** Counts a prediction. @returns whether the window is full with it */
  add(now: number): boolean {
    if (this.#rows === 0) this.#start = now;
    return ++this.#rows >= this.#size.rows;
  }

  /** Starts the next window. */
  next(): void {
    this.#rows = 0;
  }
}
