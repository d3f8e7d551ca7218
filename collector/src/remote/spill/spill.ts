/** The part of the line that is on disk: bounded, in order, and there after a crash. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Shipment } from '../queue/batch.ts';
import type { SpillOwner } from './owner.ts';
import { Segment } from './segment.ts';

/** A file is closed beyond this; it goes when all of it is settled, so that little is sent again after a crash. */
const SEGMENT_BYTES = 1024 * 1024;
/** Room for files before the first one: what was under way when the collector went away is older than all that follows. */
const FIRST_NUMBER = 5_000_000_000;
const SUFFIX = '.spill';

/** Told of what is wrong with files. */
export interface SpillReport {
  /** Bytes of a file that are no batch: the end of one that was being written when its process died, or damage. */
  readonly damaged: (path: string, bytes: number) => void;
}

/** Batches on disk, oldest first. */
export class Spill {
  readonly #owner: SpillOwner;
  readonly #report: SpillReport;
  readonly #maxBytes: number;
  #segments: Segment[] = [];
  #next = FIRST_NUMBER;
  #before = FIRST_NUMBER;
  /** Position of each batch in the line, in the order of the frames. */
  #positions: number[] = [];

  constructor(owner: SpillOwner, maxBytes: number, report: SpillReport) {
    this.#owner = owner;
    this.#maxBytes = maxBytes;
    this.#report = report;
  }

  get empty(): boolean {
    return this.#positions.length === 0;
  }

  get rows(): number {
    return this.#segments.reduce((sum, { frames }) => sum + frames.reduce((rows, frame) => rows + frame.rows, 0), 0);
  }

  get bytes(): number {
    return this.#segments.reduce((sum, { size }) => sum + size, 0);
  }

  /** Position of the oldest batch, undefined without any. */
  get frontSeq(): number | undefined {
    return this.#positions[0];
  }

  get full(): boolean {
    return this.bytes >= this.#maxBytes;
  }

  /** Takes over what processes that are gone have left. It is older than all that is here: position −1. @returns rows found */
  async adopt(): Promise<number> {
    let rows = 0;
    for (const folder of (await this.#owner.adopt()).reverse()) rows += await this.#load(folder);
    return rows;
  }

  /** Writes a batch to the end. @throws a system error; nothing of it is then kept */
  async append(shipment: Shipment, seq: number): Promise<void> {
    const last = this.#segments.at(-1);
    let segment = last?.isOpen === true ? last : undefined;
    if (segment && segment.size >= SEGMENT_BYTES) {
      await segment.seal();
      segment = undefined;
    }
    if (!segment) {
      await this.#owner.make();
      segment = await this.#create(this.#next++);
      this.#segments.push(segment);
    }
    await segment.append(shipment);
    this.#positions.push(seq);
  }

  /** Writes a batch before all others. @throws a system error; nothing of it is then kept */
  async prepend(shipment: Shipment, seq: number): Promise<void> {
    await this.#owner.make();
    const segment = await this.#create(--this.#before);
    try {
      await segment.append(shipment);
    } catch (error) {
      await segment.remove().catch(() => undefined);
      throw error;
    }
    await segment.seal();
    this.#segments.unshift(segment);
    this.#positions.unshift(seq);
  }

  /** The oldest batch; one that cannot be read any more is let go. */
  async peek(): Promise<Shipment | undefined> {
    while (!this.empty) {
      const segment = await this.#front();
      const shipment = await segment.read();
      if (shipment) return shipment;
      this.#report.damaged(segment.path, segment.frames[0]?.length ?? 0);
      await this.shift();
    }
    return undefined;
  }

  /** The oldest batch is settled. */
  async shift(): Promise<void> {
    const segment = await this.#front();
    segment.shift();
    this.#positions.shift();
    if (segment.frames.length === 0) await this.#drop(segment);
  }

  beat(): Promise<void> {
    return this.#owner.beat();
  }

  /** Ends: what is left stays for the next process. */
  async close(): Promise<void> {
    for (const segment of this.#segments) await segment.seal();
    if (this.empty) await this.#owner.remove(this.#owner.folder);
    await this.#owner.release();
  }

  async #front(): Promise<Segment> {
    for (;;) {
      const segment = this.#segments[0] as Segment;
      if (segment.frames.length > 0) return segment;
      await this.#drop(segment);
    }
  }

  async #drop(segment: Segment): Promise<void> {
    this.#segments = this.#segments.filter((other) => other !== segment);
    await segment.remove();
    const { folder } = segment;
    if (folder !== this.#owner.folder && !this.#segments.some((other) => other.folder === folder))
      await this.#owner.remove(folder);
  }

  #create(number: number): Promise<Segment> {
    return Segment.create(this.#owner.folder, join(this.#owner.folder, `${number}${SUFFIX}`));
  }

  async #load(folder: string): Promise<number> {
    const names = (await readdir(folder)).filter((name) => name.endsWith(SUFFIX)).sort(byNumber);
    const loaded: Segment[] = [];
    for (const name of names) {
      const path = join(folder, name);
      const { segment, damaged } = await Segment.load(folder, path);
      if (damaged > 0) this.#report.damaged(path, damaged);
      if (segment.frames.length > 0) loaded.push(segment);
      else await segment.remove();
    }
    if (loaded.length === 0) await this.#owner.remove(folder);
    this.#segments.unshift(...loaded);
    const frames = loaded.flatMap((segment) => segment.frames);
    this.#positions.unshift(...frames.map(() => -1));
    return frames.reduce((sum, frame) => sum + frame.rows, 0);
  }
}

function byNumber(a: string, b: string): number {
  return Number.parseInt(a, 10) - Number.parseInt(b, 10);
}
