/** Tells the user of what goes wrong, but not once per row. */
import type { PlumblineError } from '../errors.ts';
import { guardCallback } from '../monitor/guard-callback.ts';

/** Between two notices of one kind, in milliseconds. */
const PERIOD = 10_000;

interface Pending {
  rows: number;
  last: number;
  make: (rows: number) => PlumblineError;
}

/** Passes errors on, at most one of each kind in ten seconds; rows lost in between are added up. */
export class Notices {
  readonly #tell: ((error: PlumblineError) => void | Promise<void>) | undefined;
  readonly #failed: () => void;
  readonly #now: () => number;
  readonly #kinds = new Map<string, Pending>();

  /** @param failed called when `tell` itself fails */
  constructor(
    tell: ((error: PlumblineError) => void | Promise<void>) | undefined,
    failed: () => void,
    now: () => number,
  ) {
    this.#tell = tell;
    this.#failed = failed;
    this.#now = now;
  }

  /** @param make the error, given all rows since the last notice of this kind */
  add(kind: string, rows: number, make: (rows: number) => PlumblineError): void {
    if (!this.#tell) return;
    const pending = this.#kinds.get(kind) ?? { rows: 0, last: Number.NEGATIVE_INFINITY, make };
    this.#kinds.set(kind, pending);
    pending.rows += rows;
    pending.make = make;
    if (this.#now() - pending.last >= PERIOD) this.#pass(pending);
  }

  /** Tells what was held back. */
  flush(): void {
    for (const pending of this.#kinds.values()) if (pending.rows > 0) this.#pass(pending);
  }

  #pass(pending: Pending): void {
    const { rows, make } = pending;
    pending.rows = 0;
    pending.last = this.#now();
    guardCallback(() => this.#tell?.(make(rows)), this.#failed);
  }
}
