/** Those who wait until everything up to a place in the line is settled. */
import type { PlumblineError } from '../../errors.ts';

/** How somebody waits. */
export interface WaitOptions {
  /** Position of the last batch waited for. */
  readonly target: number;
  /** Wait through failures that may pass. */
  readonly patient: boolean;
  /** Milliseconds. */
  readonly timeout: number;
  /** Why it took too long. */
  readonly late: () => PlumblineError;
}

interface Waiter {
  readonly target: number;
  readonly patient: boolean;
  readonly end: (error?: PlumblineError) => void;
}

/** Promises by position. */
export class Waiters {
  readonly #later: (work: () => void, milliseconds: number, keepAlive: boolean) => () => void;
  readonly #waiting = new Set<Waiter>();

  /** @param later runs work later; the process is kept alive for it */
  constructor(later: (work: () => void, milliseconds: number, keepAlive: boolean) => () => void) {
    this.#later = later;
  }

  /** @throws PlumblineError what `fail` is told, or `late` */
  wait({ target, patient, timeout, late }: WaitOptions): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      const end = (error?: PlumblineError) => {
        callOff();
        this.#waiting.delete(waiter);
        if (error) reject(error);
        else resolve();
      };
      const waiter: Waiter = { target, patient, end };
      const callOff = this.#later(() => end(late()), timeout, true);
      this.#waiting.add(waiter);
    });
  }

  /** @param settled whether everything up to a position is */
  wake(settled: (target: number) => boolean): void {
    for (const waiter of this.#waiting) if (settled(waiter.target)) waiter.end();
  }

  /** @param lasting whether people have to put it right */
  fail(error: PlumblineError, lasting: boolean): void {
    for (const waiter of this.#waiting) if (lasting || !waiter.patient) waiter.end(error);
  }
}
