/** Lets a replay record no faster than the collector takes it: waiting costs time, a full queue would cost rows. */
import { PlumblineError, type Monitor } from '../index.ts';

/** Records between two looks. At most twice as many are under way, which is less than the queue holds. */
const STEP = 10_000;
/** A collector that has never answered is waited for so long, one that has as long as it takes; seconds. */
const PATIENCE = 5;

/** Waits for the collector now and then. */
export class BackPressure {
  readonly #monitor: Monitor;
  readonly #signal: AbortSignal;
  #recorded = 0;
  #answered = false;
  #delivered: Promise<boolean> = Promise.resolve(true);

  /** @param signal ends the waiting */
  constructor(monitor: Monitor, signal: AbortSignal) {
    this.#monitor = monitor;
    this.#signal = signal;
  }

  /**
   * Asked before each record: true at once mostly, else when what was recorded a while ago is delivered; false when the signal says stop.
   * @throws PlumblineError why the collector refuses, or that it has never answered
   */
  readonly room = (): true | Promise<boolean> => {
    const recorded = this.#recorded++;
    // After the first one: a wrong address or token is told before anything else is done.
    if (recorded === 1) return this.settled();
    return recorded % STEP === 0 && recorded > 0 ? this.#next() : true;
  };

  /** Resolves when everything is delivered: true, or false when the signal says stop. @throws as `room` */
  async settled(): Promise<boolean> {
    for (;;) {
      if (this.#signal.aborted) return false;
      try {
        await this.#unlessStopped(this.#monitor.flush({ timeoutSeconds: PATIENCE }));
        this.#answered = true;
        return !this.#signal.aborted;
      } catch (error) {
        const mayPass = error instanceof PlumblineError && error.code === 'unavailable' && this.#answered;
        if (!mayPass) throw error;
      }
    }
  }

  /** One step is delivered while the next one is recorded. */
  async #next(): Promise<boolean> {
    const former = await this.#delivered;
    this.#delivered = this.settled();
    // It is looked at a step later; until then nobody listens.
    this.#delivered.catch(() => undefined);
    return former && !this.#signal.aborted;
  }

  async #unlessStopped(work: Promise<void>): Promise<void> {
    const stopped = new AbortController();
    const abort = new Promise<void>((resolve) => {
      this.#signal.addEventListener('abort', () => resolve(), { once: true, signal: stopped.signal });
    });
    try {
      await Promise.race([work, abort]);
    } finally {
      stopped.abort();
      work.catch(() => undefined);
    }
  }
}
