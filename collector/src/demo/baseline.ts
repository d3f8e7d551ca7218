/** The accuracy of "say the previous label again", which any model on a slow stream has to beat. */
import type { Measured } from '../index.ts';
import { wilsonInterval } from '../performance/wilson.ts';

/** How often saying the previous label again would have been right. */
export class Baseline {
  #right = 0;
  #n = 0;

  /** Counts one labelled row, when its label arrives: the baseline then covers the same rows as the model's accuracy. */
  add(previousLabel: number, label: number): void {
    this.#n++;
    if (previousLabel === label) this.#right++;
  }

  /** Its accuracy with n and the 95 % interval. */
  measured(): Measured {
    const n = this.#n;
    if (n === 0) return { value: null, n, low: null, high: null };
    return { value: this.#right / n, n, ...wilsonInterval(this.#right, n) };
  }
}
