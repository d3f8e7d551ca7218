/** One line from two places: what is on disk is older than what is in memory. */
import type { Parcel } from '../delivery/courier.ts';
import type { Spill } from '../spill/spill.ts';
import type { Batch, Shipment } from './batch.ts';
import type { Outbox } from './outbox.ts';

/** After a write that failed the disk is left alone so long, in milliseconds. */
const DISK_PAUSE = 10_000;

/** What the line needs of the world around it. */
export interface LineEnvironment {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Whether the last attempt to deliver failed: memory is then no place to wait. */
  readonly away: () => boolean;
  readonly spillFailed: (error: unknown) => void;
}

/** Hands out the oldest batch, and moves what memory has no room for to disk. */
export class Line {
  readonly #outbox: Outbox;
  readonly #spill: Spill | undefined;
  readonly #environment: LineEnvironment;
  #serial: Promise<unknown> = Promise.resolve();
  /** Batch on its way to disk: newer than what is there, older than what is in memory. */
  #writing: Batch | undefined;
  /** Batch under way. It is the oldest of all. */
  #current: { readonly seq: number; readonly keep: () => Promise<void> } | undefined;
  #adoptionDue = true;
  /** What earlier processes left is not known yet. */
  #looking: boolean;
  #diskRestsUntil = 0;
  #securing = false;
  /** Open rows are old enough to go. */
  due = false;

  constructor(outbox: Outbox, spill: Spill | undefined, environment: LineEnvironment) {
    this.#outbox = outbox;
    this.#spill = spill;
    this.#looking = spill !== undefined;
    this.#environment = environment;
  }

  /** Position of the oldest batch, undefined when there is nothing at all. */
  get frontSeq(): number | undefined {
    if (this.#looking) return -1;
    return this.#current?.seq ?? this.#spill?.frontSeq ?? this.#writing?.seq ?? this.#outbox.frontSeq;
  }

  /** The oldest batch, for the courier. */
  readonly next = async (): Promise<Parcel | undefined> => {
    for (;;) {
      if (this.#spill) {
        const parcel = await this.#fromDisk(this.#spill);
        if (parcel) return parcel;
      }
      // What is being written is older than what is in memory: wait for it.
      if (this.#writing) continue;
      if (!this.#outbox.hasClosed && this.due) this.cut();
      const batch = this.#outbox.take();
      return batch && this.#fromMemory(batch);
    }
  };

  /** Closes the open rows. */
  cut(): void {
    this.due = false;
    this.#outbox.cut();
  }

  /** Looks for what other processes left behind, before the next batch. */
  lookForStrays(): void {
    this.#adoptionDue = true;
  }

  /** Moves batches to disk while memory is half full or the collector is away. */
  overflow(): void {
    const spill = this.#spill;
    const { now, away } = this.#environment;
    if (!spill || this.#writing || this.#securing || spill.full || now() < this.#diskRestsUntil) return;
    if (!this.#outbox.halfFull && !away()) return;
    const batch = this.#outbox.take();
    if (!batch) return;
    void this.#write(spill, batch).then(() => this.overflow());
  }

  /** Writes everything to disk that is in memory alone, as far as there is a disk with room. */
  async secure(): Promise<void> {
    const spill = this.#spill;
    this.cut();
    if (!spill) return;
    this.#securing = true;
    try {
      await this.#current?.keep();
      await this.#inOrder(() => Promise.resolve());
      while (this.#outbox.hasClosed && !spill.full)
        if (!(await this.#write(spill, this.#outbox.take() as Batch))) return;
    } finally {
      this.#securing = false;
    }
  }

  /** Gives the files up. */
  async close(): Promise<void> {
    const spill = this.#spill;
    if (spill) await this.#inOrder(() => spill.close());
  }

  async #fromDisk(spill: Spill): Promise<Parcel | undefined> {
    try {
      if (this.#adoptionDue) {
        this.#adoptionDue = false;
        await this.#inOrder(() => spill.adopt()).finally(() => (this.#looking = false));
      }
      const shipment = await this.#inOrder(() => spill.peek());
      return shipment && this.#parcel(shipment, spill.frontSeq ?? -1, true, () => {});
    } catch (error) {
      this.#environment.spillFailed(error);
      return undefined;
    }
  }

  #fromMemory(batch: Batch): Parcel {
    return this.#parcel(batch.shipment(), batch.seq, false, () => this.#outbox.release(batch));
  }

  #parcel(shipment: Shipment, seq: number, onDisk: boolean, release: () => void): Parcel {
    const spill = this.#spill;
    let kept = onDisk;
    const keep = async () => {
      if (kept || !spill || spill.full) return;
      try {
        await this.#inOrder(() => spill.prepend(shipment, seq));
        kept = true;
        release();
      } catch (error) {
        this.#environment.spillFailed(error);
      }
    };
    const settle = async () => {
      try {
        if (kept && spill) await this.#inOrder(() => spill.shift());
      } catch (error) {
        this.#environment.spillFailed(error);
      }
      if (!kept) release();
      this.#current = undefined;
    };
    this.#current = { seq, keep };
    return { shipment, keep, settle };
  }

  async #write(spill: Spill, batch: Batch): Promise<boolean> {
    this.#writing = batch;
    try {
      await this.#inOrder(() => spill.append(batch.shipment(), batch.seq));
      this.#outbox.release(batch);
      return true;
    } catch (error) {
      this.#outbox.putBack(batch);
      this.#diskRestsUntil = this.#environment.now() + DISK_PAUSE;
      this.#environment.spillFailed(error);
      return false;
    } finally {
      this.#writing = undefined;
    }
  }

  /** One thing at a time is done to the files. */
  #inOrder<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.#serial.then(work);
    this.#serial = done.catch(() => undefined);
    return done;
  }
}
