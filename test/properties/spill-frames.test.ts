/** Spill files: whatever is cut off or overwritten, whole batches before it come back and nothing else does. */
import fc from 'fast-check';
import { decodeFrame, encodeFrame, scanFrames } from '../../collector/src/remote/spill/frame.ts';

const shipment = fc.record({
  kind: fc.constantFrom('predictions' as const, 'labels' as const),
  rows: fc.integer({ min: 1, max: 5_000 }),
  body: fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
});
const shipments = fc.array(shipment, { minLength: 1, maxLength: 6 });

function read(file: Uint8Array) {
  const { frames, damaged } = scanFrames(file);
  const found = frames.map(({ offset }) => {
    const frame = decodeFrame(file, offset);
    return frame && { kind: frame.kind, rows: frame.rows, body: Buffer.from(frame.body) };
  });
  return { found, damaged };
}

test('what was written is read', () => {
  fc.assert(
    fc.property(shipments, (all) => {
      expect(read(Buffer.concat(all.map(encodeFrame)))).toEqual({ found: all, damaged: 0 });
    }),
  );
});

test('a file that was cut off anywhere gives the batches that are whole', () => {
  fc.assert(
    fc.property(shipments, fc.nat(), (all, cut) => {
      const file = Buffer.concat(all.map(encodeFrame));
      const length = cut % (file.length + 1);
      let whole = 0;
      let bytes = 0;
      while (whole < all.length && bytes + encodeFrame(all[whole] as (typeof all)[number]).length <= length)
        bytes += encodeFrame(all[whole++] as (typeof all)[number]).length;
      expect(read(file.subarray(0, length))).toEqual({ found: all.slice(0, whole), damaged: length - bytes });
    }),
  );
});

test('a flipped bit costs its batch and those behind it in the file, and never gives a wrong one', () => {
  fc.assert(
    fc.property(shipments, fc.nat(), fc.integer({ min: 0, max: 7 }), (all, at, bit) => {
      const file = Buffer.concat(all.map(encodeFrame));
      const place = at % file.length;
      file[place] = (file[place] as number) ^ (1 << bit);
      let hit = 0;
      for (let end = 0; hit < all.length; hit++) {
        end += encodeFrame(all[hit] as (typeof all)[number]).length;
        if (place < end) break;
      }
      const { found, damaged } = read(file);
      expect(found).toEqual(all.slice(0, hit));
      expect(damaged).toBeGreaterThan(0);
    }),
  );
});
