/** The remote mode as a whole: rows in at one end, requests out at the other. Clock, timers, randomness and network are arguments. */
import { PlumblineError } from '../errors.ts';
import type { PredictedValue } from '../prediction.ts';
import { Courier } from './delivery/courier.ts';
import type { Send } from './delivery/http-client.ts';
import { Losses, type LossesEnvironment } from './losses.ts';
import { Line } from './queue/line.ts';
import { MAX_ROW_BYTES, Outbox, type OutboxOptions } from './queue/outbox.ts';
import { Waiters } from './queue/waiters.ts';
import type { FeedbackReading } from './rows/feedback-reader.ts';
import type { PredictionReading } from './rows/row-reader.ts';
import { SpillOwner } from './spill/owner.ts';
import { Spill } from './spill/spill.ts';

/** Bounds and places. */
export interface ShippingOptions extends OutboxOptions {
  readonly url: string;
  /** Milliseconds. */
  readonly flushInterval: number;
  readonly spill: { readonly folder: string; readonly maxBytes: number } | undefined;
}

/** What shipping needs of the world around it. */
export interface ShippingEnvironment extends LossesEnvironment {
  readonly send: Send;
  /** 0 to 1. */
  readonly random: () => number;
  /** Runs work after the current call. */
  readonly defer: (work: () => void) => void;
  /** Runs work later; only with `keepAlive` the process waits for it. @returns a function that calls it off */
  readonly later: (work: () => void, milliseconds: number, keepAlive: boolean) => () => void;
}

/** How often it says that it is alive, and looks whether others are not. Milliseconds. */
const HEARTBEAT = 15_000;

/** Takes rows, and sees that they arrive. */
export class Shipping {
  readonly #options: ShippingOptions;
  readonly #environment: ShippingEnvironment;
  readonly #outbox: Outbox;
  readonly #spill: Spill | undefined;
  readonly #line: Line;
  readonly #courier: Courier;
  readonly #losses: Losses;
  readonly #waiters: Waiters;
  readonly #callOffs = new Set<() => void>();
  #pumpDue = false;
  #flushArmed = false;
  #closed = false;

  constructor(options: ShippingOptions, environment: ShippingEnvironment) {
    this.#options = options;
    this.#environment = environment;
    const { url, spill } = options;
    const { now, send, random, later } = environment;
    this.#losses = new Losses(url, environment);
    this.#outbox = new Outbox(options);
    this.#spill =
      spill &&
      new Spill(new SpillOwner(spill.folder, url, now), spill.maxBytes, {
        damaged: (path, bytes) => this.#losses.damaged(path, bytes),
      });
    this.#line = new Line(this.#outbox, this.#spill, {
      now,
      away: () => this.#courier.failure !== undefined,
      spillFailed: (error) => this.#losses.spillFailed(error),
    });
    this.#waiters = new Waiters(later);
    this.#courier = new Courier({
      send,
      random,
      next: () => this.#next(),
      later: (work, wait) => later(work, wait, false),
      report: {
        failed: (error, lasting) => this.#sendFailed(error, lasting),
        refusedRows: this.#losses.rejected,
        lost: this.#losses.refused,
        tooLarge: () => this.#outbox.shrink(),
      },
    });
    if (this.#spill) {
      this.#courier.kick();
      this.#beat(this.#spill);
    }
  }

  /** Records that wait, by where. */
  get depth(): { readonly memory: number; readonly disk: number } {
    return { memory: this.#outbox.rows, disk: this.#spill?.rows ?? 0 };
  }

  /** Takes a prediction, or counts it as dropped. Cost: about a microsecond for ten features (`npm run bench`). */
  prediction(reading: PredictionReading): void {
    if (this.#closed) return this.#losses.drop('closed', 1);
    if (reading.bytes > MAX_ROW_BYTES) return this.#losses.drop('too_large', 1);
    this.#added(this.#outbox.addPrediction(reading));
  }

  /** Takes a label, or counts it as dropped. */
  label(id: string, label: PredictedValue, timestamp: number): void {
    if (this.#closed) return this.#losses.drop('closed', 1);
    this.#added(this.#outbox.addLabel(id, label, timestamp));
  }

  /** Takes feedback, or counts it as dropped. */
  feedback(reading: FeedbackReading): void {
    if (this.#closed) return this.#losses.drop('closed', 1);
    this.#added(this.#outbox.addFeedback(reading));
  }

  /**
   * Resolves when everything recorded before is delivered (or was refused for good). Keeps the process alive meanwhile.
   * @param patient wait through failures that may pass
   * @throws PlumblineError the collector's refusal of the token, or `unavailable` after `timeout` milliseconds
   */
  flush(timeout: number, patient = true): Promise<void> {
    this.#line.cut();
    const target = this.#outbox.lastSeq;
    if (this.#settled(target)) return Promise.resolve();
    const done = this.#waiters.wait({ target, patient, timeout, late: () => this.#late(timeout) });
    this.#pump();
    this.#courier.hurry();
    return done;
  }

  /** Delivers what it can within `timeout` milliseconds; what is left goes to disk, where there is one. */
  async secure(timeout: number): Promise<void> {
    await this.flush(timeout).catch(() => this.#line.secure());
  }

  /** The same, and then no more: what is left in memory is lost and counted. */
  async close(timeout: number): Promise<void> {
    this.#closed = true;
    await this.flush(timeout).catch(() => undefined);
    for (const callOff of this.#callOffs) callOff();
    await this.#courier.stop();
    if (this.#line.frontSeq !== undefined) await this.#line.secure();
    const lost = this.#outbox.rows;
    if (lost > 0) this.#losses.drop('closed', lost);
    await this.#line.close().catch((error: unknown) => this.#losses.spillFailed(error));
    this.#losses.flush();
  }

  #added(fitted: boolean): void {
    if (!fitted) {
      this.#losses.drop('queue_full', 1);
      return this.#pumpSoon();
    }
    if (this.#outbox.full) {
      this.#line.cut();
      this.#pumpSoon();
    } else if (!this.#flushArmed) {
      this.#flushArmed = true;
      this.#after(this.#options.flushInterval, () => this.#flushDue());
    }
  }

  #flushDue(): void {
    this.#flushArmed = false;
    // While the collector is away and there is a disk, nothing is to wait in memory; otherwise rows join the batch until it can go.
    if (this.#spill && this.#courier.failure) this.#line.cut();
    else this.#line.due = this.#outbox.openRows > 0;
    this.#pump();
  }

  #pumpSoon(): void {
    if (this.#pumpDue) return;
    this.#pumpDue = true;
    this.#environment.defer(() => {
      this.#pumpDue = false;
      this.#pump();
    });
  }

  #pump(): void {
    this.#courier.kick();
    this.#line.overflow();
  }

  async #next() {
    const wake = () => this.#waiters.wake((target) => this.#settled(target));
    wake();
    const parcel = await this.#line.next();
    if (!parcel) wake();
    return parcel;
  }

  #sendFailed(error: PlumblineError, lasting: boolean): void {
    this.#losses.sendFailed(error);
    this.#waiters.fail(error, lasting);
    if (this.#spill && this.#line.due) this.#line.cut();
    this.#line.overflow();
  }

  #settled(target: number): boolean {
    const front = this.#line.frontSeq;
    return front === undefined || front > target;
  }

  #late(timeout: number): PlumblineError {
    const { failure } = this.#courier;
    if (failure) return failure.error;
    const { memory, disk } = this.depth;
    return new PlumblineError(
      'unavailable',
      `The collector at ${this.#options.url} has not taken everything within ${timeout / 1000} s; ${memory + disk} records wait`,
      'Wait longer, or see why it is slow.',
    );
  }

  #beat(spill: Spill): void {
    this.#after(HEARTBEAT, () => {
      void spill.beat();
      this.#line.lookForStrays();
      this.#courier.kick();
      this.#beat(spill);
    });
  }

  #after(milliseconds: number, work: () => void): void {
    const callOff = this.#environment.later(
      () => {
        this.#callOffs.delete(callOff);
        work();
      },
      milliseconds,
      false,
    );
    this.#callOffs.add(callOff);
  }
}
