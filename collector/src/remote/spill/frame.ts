/** One batch in a spill file: how long it is, a checksum, what it is, its bytes. A frame that was cut off by a crash is seen as such. */
import { crc32 } from 'node:zlib';
import type { Shipment, ShipmentKind } from '../queue/batch.ts';

/** length of the body (u32), CRC-32 of all that follows (u32), kind (u8), rows (u24). */
const HEADER_BYTES = 12;
/** Nothing longer was ever written: a larger number is damage, not a length. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;
/** A kind is written as its place here: new ones go to the end. */
const KINDS: readonly ShipmentKind[] = ['predictions', 'labels', 'feedback'];

/** Where a frame stands in its file. */
export interface FramePlace {
  readonly offset: number;
  readonly length: number;
  readonly kind: ShipmentKind;
  readonly rows: number;
}

/** A batch as bytes of a file. */
export function encodeFrame({ kind, rows, body }: Shipment): Buffer {
  const frame = Buffer.alloc(HEADER_BYTES + body.length);
  frame.writeUInt32LE(body.length, 0);
  frame.writeUInt8(KINDS.indexOf(kind), 8);
  frame.writeUIntLE(rows, 9, 3);
  body.copy(frame, HEADER_BYTES);
  frame.writeUInt32LE(crc32(frame.subarray(8)), 4);
  return frame;
}

/** The batch at a place; undefined when what stands there is damaged. */
export function decodeFrame(file: Uint8Array, offset: number): (Shipment & { readonly length: number }) | undefined {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  if (bytes.length - offset < HEADER_BYTES) return undefined;
  const size = bytes.readUInt32LE(offset);
  const length = HEADER_BYTES + size;
  if (size > MAX_BODY_BYTES || bytes.length - offset < length) return undefined;
  if (crc32(bytes.subarray(offset + 8, offset + length)) !== bytes.readUInt32LE(offset + 4)) return undefined;
  const kind = KINDS[bytes.readUInt8(offset + 8)];
  if (kind === undefined) return undefined;
  const rows = bytes.readUIntLE(offset + 9, 3);
  return { kind, rows, body: bytes.subarray(offset + HEADER_BYTES, offset + length), length };
}

/** All whole frames of a file, in order, and how many bytes at its end belong to none. */
export function scanFrames(file: Uint8Array): { readonly frames: FramePlace[]; readonly damaged: number } {
  const frames: FramePlace[] = [];
  let offset = 0;
  for (let frame = decodeFrame(file, 0); frame; frame = decodeFrame(file, offset)) {
    const { kind, rows, length } = frame;
    frames.push({ offset, length, kind, rows });
    offset += length;
  }
  return { frames, damaged: file.length - offset };
}
