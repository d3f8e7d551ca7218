/** Holds labels back for a number of rows: first in, first out, O(1) per row. */
export class LateLabels<Item> {
  readonly #delay: number;
  #waiting: Item[] = [];
  #first = 0;

  /** @param delay rows between a prediction and its label; 0 lets the label follow at once */
  constructor(delay: number) {
    this.#delay = delay;
  }

  /** Adds the newest row and returns the one whose label is due now, if there is one. */
  push(item: Item): Item | undefined {
    this.#waiting.push(item);
    if (this.#waiting.length - this.#first <= this.#delay) return undefined;
    const due = this.#waiting[this.#first++];
    // Dropping the used part only when it is the larger one keeps the cost per row constant.
    if (this.#first > this.#waiting.length / 2) {
      this.#waiting = this.#waiting.slice(this.#first);
      this.#first = 0;
    }
    return due;
  }

  /** Everything still held back, oldest first; holds nothing afterwards. */
  drain(): Item[] {
    const rest = this.#waiting.slice(this.#first);
    this.#waiting = [];
    this.#first = 0;
    return rest;
  }
}
