/** The log of a run: its beginning and its end, however much is printed. */
import { storableText } from '../audit/audit-event.ts';

/** Characters kept of the beginning, and of the end. */
export const LOG_PART = 64 * 1024;

/** A log that keeps at most twice `part` characters. `write` is O(text), amortised; hand it to a trainer as `onOutput`. */
export class BoundedLog {
  readonly #part: number;
  #head = '';
  #tail = '';
  #length = 0;

  constructor(part: number = LOG_PART) {
    this.#part = part;
  }

  /** Appends. */
  readonly write = (text: string): void => {
    this.#length += text.length;
    const room = this.#part - this.#head.length;
    if (room > 0) this.#head += text.slice(0, room);
    if (text.length <= room) return;
    // Cut at twice its length: so each character is copied a few times at most.
    this.#tail += text.slice(Math.max(0, room)).slice(-this.#part);
    if (this.#tail.length > 2 * this.#part) this.#tail = this.#tail.slice(-this.#part);
  };

  /** What is kept, with what is left out said in between. Any store can hold it. */
  text(): string {
    const tail = this.#tail.slice(-this.#part);
    const left = this.#length - this.#head.length - tail.length;
    const gap = left > 0 ? `\n… ${left.toLocaleString('en')} characters left out …\n` : '';
    return storableText(`${this.#head}${gap}${tail}`);
  }
}
