/** One file of a spill: frames one after the other, read in the same order, removed when the last of them is settled. */
import { open, readFile, rm, type FileHandle } from 'node:fs/promises';
import type { Shipment } from '../queue/batch.ts';
import { decodeFrame, encodeFrame, scanFrames, type FramePlace } from './frame.ts';

const MODE = 0o600;

/** A file of frames. */
export class Segment {
  readonly path: string;
  readonly folder: string;
  readonly #frames: FramePlace[];
  #handle: FileHandle | undefined;
  #size: number;

  private constructor(folder: string, path: string, frames: FramePlace[], size: number, handle?: FileHandle) {
    this.folder = folder;
    this.path = path;
    this.#frames = frames;
    this.#size = size;
    this.#handle = handle;
  }

  /** A new one to write to. @throws a system error when there is one of that name or none can be made */
  static async create(folder: string, path: string): Promise<Segment> {
    return new Segment(folder, path, [], 0, await open(path, 'wx+', MODE));
  }

  /** One that is there. @returns it with the bytes at its end that are no whole frame */
  static async load(folder: string, path: string): Promise<{ segment: Segment; damaged: number }> {
    const file = await readFile(path);
    const { frames, damaged } = scanFrames(file);
    return { segment: new Segment(folder, path, frames, file.length), damaged };
  }

  /** Frames not settled yet, oldest first. */
  get frames(): readonly FramePlace[] {
    return this.#frames;
  }

  get size(): number {
    return this.#size;
  }

  get isOpen(): boolean {
    return this.#handle !== undefined;
  }

  /** Writes a batch and syncs it: when it resolves, neither a killed process nor a lost machine takes it away. */
  async append(shipment: Shipment): Promise<void> {
    const frame = encodeFrame(shipment);
    const handle = this.#handle as FileHandle;
    const offset = this.#size;
    try {
      await writeAll(handle, frame, offset);
      await handle.datasync();
    } catch (error) {
      // Half a frame must not hide what may be written behind it.
      await handle.truncate(offset).catch(() => this.seal());
      throw error;
    }
    this.#size += frame.length;
    this.#frames.push({ offset, length: frame.length, kind: shipment.kind, rows: shipment.rows });
  }

  /** The oldest batch; undefined when it cannot be read (any more). */
  async read(): Promise<Shipment | undefined> {
    const [first] = this.#frames;
    if (!first) return undefined;
    const handle = this.#handle ?? (await open(this.path, 'r').catch(() => undefined));
    if (!handle) return undefined;
    try {
      const bytes = Buffer.alloc(first.length);
      const { bytesRead } = await handle.read(bytes, 0, first.length, first.offset);
      return decodeFrame(bytes.subarray(0, bytesRead), 0);
    } catch {
      return undefined;
    } finally {
      if (handle !== this.#handle) await handle.close();
    }
  }

  /** Forgets the oldest batch. */
  shift(): void {
    this.#frames.shift();
  }

  /** No more is written to it. */
  async seal(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close();
  }

  async remove(): Promise<void> {
    await this.seal();
    await rm(this.path, { force: true });
  }
}

async function writeAll(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}
