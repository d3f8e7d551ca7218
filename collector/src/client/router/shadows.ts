/** Runs versions that predict beside the one that answers: afterwards, a few at a time, and rather not than late. */

/** How much room shadows get. */
export interface ShadowOptions {
  /** Predictions under way at once, 1 to 1,000 (default 4). One that never ends keeps its place. */
  readonly concurrency?: number;
  /** Predictions that wait, 0 to 100,000 (default 100); what comes on top is dropped and counted. */
  readonly queue?: number;
}

/** One prediction of a shadow. */
export interface ShadowRun {
  /** May throw, or give a promise. What it gives is recorded by itself. */
  readonly run: () => unknown;
  /** It will not run. */
  readonly dropped: () => void;
  readonly failed: () => void;
}

/** What shadows need of the world around them. */
export interface ShadowEnvironment {
  /** Runs work in a later turn of the event loop; a program that ends runs what waits first. */
  readonly defer: (work: () => void) => void;
  /** Runs work later, without keeping the process alive. @returns a function that calls it off */
  readonly later: (work: () => void, milliseconds: number) => () => void;
}

/** A bounded line of shadow predictions. */
export class Shadows {
  readonly #concurrency: number;
  /** Runs held at most, waiting or under way. */
  readonly #room: number;
  readonly #environment: ShadowEnvironment;
  readonly #waiting: ShadowRun[] = [];
  readonly #running = new Set<Promise<void>>();
  #started = false;
  #closed = false;

  constructor({ concurrency = 4, queue = 100 }: ShadowOptions, environment: ShadowEnvironment) {
    this.#concurrency = concurrency;
    this.#room = concurrency + queue;
    this.#environment = environment;
  }

  /** Takes a run, or drops it. Never throws. */
  add(run: ShadowRun): void {
    if (this.#closed || this.#running.size + this.#waiting.length >= this.#room) return run.dropped();
    this.#waiting.push(run);
    this.#startSoon();
  }

  /** Drops what waits; resolves when nothing runs any more, or after so many milliseconds. */
  async close(timeout: number): Promise<void> {
    this.#closed = true;
    for (const run of this.#waiting.splice(0)) run.dropped();
    let callOff: (() => void) | undefined;
    const late = new Promise<void>((resolve) => (callOff = this.#environment.later(resolve, timeout)));
    await Promise.race([Promise.all(this.#running), late]);
    callOff?.();
  }

  #startSoon(): void {
    if (this.#started || this.#closed) return;
    this.#started = true;
    this.#environment.defer(() => {
      this.#started = false;
      this.#startOne();
      if (this.#waiting.length > 0 && this.#running.size < this.#concurrency) this.#startSoon();
    });
  }

  /** One in a turn of the event loop: a shadow that computes without waiting must not hold up a second answer behind it. */
  #startOne(): void {
    if (this.#running.size >= this.#concurrency) return;
    const next = this.#waiting.shift();
    if (!next) return;
    const running: Promise<void> = settle(next).finally(() => {
      this.#running.delete(running);
      this.#startSoon();
    });
    this.#running.add(running);
  }
}

async function settle({ run, failed }: ShadowRun): Promise<void> {
  try {
    await run();
  } catch {
    failed();
  }
}
