/** Tells people of bad rows without drowning them: the first ones in full, the others as a number. */
import type { BadRow } from './csv/records.ts';

const SHOWN = 20;

/** Tells of bad rows as they come, and keeps some for the report. */
export class BadRowLog {
  readonly #path: string;
  readonly #write: (line: string) => void;
  readonly #kept: BadRow[] = [];
  #count = 0;

  /** @param write takes one line without its end */
  constructor(path: string, write: (line: string) => void) {
    this.#path = path;
    this.#write = write;
  }

  /** Rows skipped so far. */
  get count(): number {
    return this.#count;
  }

  /** The first rows skipped, at most 20. */
  get first(): readonly BadRow[] {
    return this.#kept;
  }

  /** To be handed to the reader as its callback. */
  readonly add = (bad: BadRow): void => {
    this.#count++;
    if (this.#kept.length === SHOWN) return;
    this.#kept.push(bad);
    this.#write(`${this.#path}: line ${bad.line}, column ${bad.column}: ${bad.reason}; the row is skipped.`);
  };

  /** Says how many rows were not shown. */
  finish(): void {
    const hidden = this.#count - this.#kept.length;
    if (hidden > 0) this.#write(`${this.#path}: ${hidden} more bad rows were skipped.`);
  }
}
