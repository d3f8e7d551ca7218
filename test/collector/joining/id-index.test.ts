/** The index of ids against a Map, the oracle, through every kind of change. */
import fc from 'fast-check';
import { IdIndex } from '../../../collector/src/joining/id-index.ts';
import { KeyedHash, type HashKey } from '../../../collector/src/joining/keyed-hash.ts';

const KEY: HashKey = [0x01020304, 0x9abcdef0];

function fingerprint(text: string, key: HashKey = KEY): readonly [number, number] {
  const hash = new KeyedHash(key);
  hash.update(text);
  return [hash.low, hash.high];
}

test('finds what a ring of ids holds, through any evictions', () => {
  const few = fc.integer({ min: 0, max: 40 }).map((number) => `id-${number}`);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), fc.array(few, { maxLength: 300 }), (capacity, ids) => {
      const index = new IdIndex(capacity, KEY);
      const oracle = new Map<string, number>();
      const ring: string[] = [];
      for (const [turn, id] of ids.entries()) {
        if (oracle.has(id)) continue;
        if (ring.length === capacity) {
          const oldest = ring.shift() as string;
          index.remove(oracle.get(oldest) as number);
          oracle.delete(oldest);
        }
        const used = new Set(oracle.values());
        const slot = Array.from({ length: capacity }, (_, at) => (at + turn) % capacity).find(
          (at) => !used.has(at),
        ) as number;
        expect(index.find(id)).toBe(-1);
        index.insert(slot);
        oracle.set(id, slot);
        ring.push(id);
        for (let number = 0; number <= 40; number++) {
          const any = `id-${number}`;
          expect(index.find(any)).toBe(oracle.get(any) ?? -1);
        }
      }
    }),
    { numRuns: 60 },
  );
});

describe('KeyedHash', () => {
  test('depends on every character, on the length and on the key', () => {
    const texts = ['', '\0', '\0\0', '\0\0\0', 'a', 'b', 'ab', 'ba', 'aé', 'prediction-1', 'prediction-2', '😀', '😁'];
    const prints = texts.map((text) => fingerprint(text));
    expect(new Set(prints.map(([low]) => low)).size).toBe(texts.length);
    expect(new Set(prints.map(([, high]) => high)).size).toBe(texts.length);
    const otherKey = texts.map((text) => fingerprint(text, [1, 2]));
    otherKey.forEach(([low, high], index) => {
      expect(low).not.toBe(prints[index]?.[0]);
      expect(high).not.toBe(prints[index]?.[1]);
    });
    expect(texts.map((text) => fingerprint(text))).toEqual(prints);
  });

  test.each([
    ['counted', (n: number) => `prediction-${n}`],
    ['in the last place only', (n: number) => `${'x'.repeat(30)}${String.fromCharCode(n)}`],
    ['numbers', (n: number) => String(n * 64)],
  ])('spreads ids evenly over a table: %s', (_name, makeId) => {
    const size = 25_600;
    for (const half of [0, 1] as const) {
      for (const shift of [0, 8, 16, 24]) {
        const places = new Float64Array(256);
        for (let n = 0; n < size; n++) places[(fingerprint(makeId(n))[half] >>> shift) & 255]!++;
        const chiSquare = places.reduce((sum, count) => sum + (count - size / 256) ** 2 / (size / 256), 0);
        // 255 degrees of freedom: mean 255, standard deviation 22.6; fixed key and ids, so this passes or it does not.
        expect(chiSquare).toBeLessThan(255 + 4.5 * 22.6);
      }
    }
  });
});
