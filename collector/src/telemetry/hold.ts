/**
 * Born at zero. PromQL's `increase()` does not see the step from "no series" to its first value, so a counter that appears
 * with 7 loses 7. A new series therefore shows 0 until one collection has seen it and `zeroHold` has passed since: by then
 * every scraper whose interval is at most `zeroHold` holds the zero. What is counted meanwhile shows afterwards.
 */
export class ZeroHold {
  readonly #hold: number;
  /** Per series: when it was first collected; NaN before; −Infinity once released. */
  readonly #seen: number[] = [];

  /** @param hold milliseconds, at least the scrape interval */
  constructor(hold: number) {
    this.#hold = hold;
  }

  /** Registers the next series. */
  born(): void {
    this.#seen.push(Number.NaN);
  }

  /** Whether a collection at `now` (epoch ms) may show the value of this series. */
  released(series: number, now: number): boolean {
    const seen = this.#seen[series] as number;
    if (seen === Number.NEGATIVE_INFINITY) return true;
    if (Number.isNaN(seen)) this.#seen[series] = now;
    else if (now - seen >= this.#hold) this.#seen[series] = Number.NEGATIVE_INFINITY;
    return this.#seen[series] === Number.NEGATIVE_INFINITY;
  }
}
