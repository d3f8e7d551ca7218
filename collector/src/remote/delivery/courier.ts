/** Delivers one batch after the other. One request is under way at a time: that is what keeps the order of an id. */
import type { PlumblineError } from '../../errors.ts';
import { splitShipment, type Shipment } from '../queue/batch.ts';
import { backoffDelay, refusedDelay } from './backoff.ts';
import type { Send } from './http-client.ts';
import type { RefusedRows } from './outcome.ts';

/** The oldest batch of the line, until it is settled. */
export interface Parcel {
  readonly shipment: Shipment;
  /** The first attempt failed: a batch that is in memory alone goes to disk, where there is one. */
  readonly keep: () => Promise<void>;
  /** It was delivered, or never will be. */
  readonly settle: () => Promise<void>;
}

/** Told what becomes of batches. */
export interface CourierReport {
  /** An attempt failed; `lasting` when people have to put it right. */
  readonly failed: (error: PlumblineError, lasting: boolean) => void;
  readonly refusedRows: (refused: readonly RefusedRows[]) => void;
  /** These rows are lost. */
  readonly lost: (rows: number, reason: 'too_large' | 'refused', error: PlumblineError) => void;
  readonly tooLarge: () => void;
}

/** What the courier needs of the world around it. */
export interface CourierEnvironment {
  readonly send: Send;
  /** The oldest batch, undefined when there is nothing to send now. */
  readonly next: () => Promise<Parcel | undefined>;
  readonly report: CourierReport;
  /** 0 to 1. */
  readonly random: () => number;
  /** Runs work later, without keeping the process alive. @returns a function that calls it off */
  readonly later: (work: () => void, milliseconds: number) => () => void;
}

/** Why the last attempt failed, while no later one has succeeded. */
export interface Failure {
  readonly error: PlumblineError;
  /** The token or the address is wrong. */
  readonly lasting: boolean;
}

/** Works the line off while there is something to send. */
export class Courier {
  readonly #environment: CourierEnvironment;
  readonly #stopped = new AbortController();
  #running: Promise<void> | undefined;
  #again = false;
  #failures = 0;
  #failure: Failure | undefined;
  #wake: (() => void) | undefined;
  /** Whether the pause was asked for by the collector. */
  #asked = false;

  constructor(environment: CourierEnvironment) {
    this.#environment = environment;
  }

  get failure(): Failure | undefined {
    return this.#failure;
  }

  get idle(): boolean {
    return this.#running === undefined;
  }

  /** There may be something to send. */
  kick(): void {
    this.#again = true;
    if (this.#running || this.#stopped.signal.aborted) return;
    this.#running = this.#work().finally(() => (this.#running = undefined));
  }

  /** Ends a pause after a failed attempt, unless the collector asked for it. */
  hurry(): void {
    if (!this.#asked) this.#wake?.();
  }

  /** Breaks off what is under way; resolves when nothing is touched any more. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    this.#wake?.();
    await this.#running;
  }

  async #work(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      for (let parcel = await this.#environment.next(); parcel; parcel = await this.#environment.next()) {
        const { shipment, keep, settle } = parcel;
        if (!(await this.#deliver(shipment, keep))) return;
        await settle();
      }
    }
  }

  /** @returns false when it was stopped before the batch was settled */
  async #deliver(shipment: Shipment, keep: () => Promise<void>): Promise<boolean> {
    const { send, report, random } = this.#environment;
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      const outcome = await send(shipment, signal);
      // What arrived in spite of the stop is sent once more by whoever drains the rest: counted once by its id.
      if (signal.aborted && outcome.result !== 'taken') return false;
      if (outcome.result === 'retry' || outcome.result === 'refused') {
        const lasting = outcome.result === 'refused';
        this.#failures++;
        this.#failure = { error: outcome.error, lasting };
        // First, so that it is on disk before anything that comes after it.
        await keep();
        report.failed(outcome.error, lasting);
        const asked = outcome.result === 'retry' ? outcome.after : undefined;
        this.#asked = asked !== undefined;
        await this.#pause(
          lasting ? refusedDelay(random()) : Math.max(asked ?? 0, backoffDelay(this.#failures, random())),
        );
        continue;
      }
      this.#failures = 0;
      this.#failure = undefined;
      if (outcome.result === 'too_large') return this.#halve(shipment, outcome.error, keep);
      if (outcome.result === 'lost') report.lost(shipment.rows, 'refused', outcome.error);
      else if (outcome.refused.length > 0) report.refusedRows(outcome.refused);
      return true;
    }
    return false;
  }

  async #halve(shipment: Shipment, error: PlumblineError, keep: () => Promise<void>): Promise<boolean> {
    const { report } = this.#environment;
    report.tooLarge();
    if (shipment.rows < 2) {
      report.lost(shipment.rows, 'too_large', error);
      return true;
    }
    const [first, second] = splitShipment(shipment);
    return (await this.#deliver(first, keep)) && (await this.#deliver(second, keep));
  }

  async #pause(milliseconds: number): Promise<void> {
    if (this.#stopped.signal.aborted) return;
    await new Promise<void>((resolve) => {
      const callOff = this.#environment.later(resolve, milliseconds);
      this.#wake = () => {
        callOff();
        resolve();
      };
    });
    this.#wake = undefined;
  }
}
