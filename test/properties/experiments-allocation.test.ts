/** Buckets of an experiment, whatever the weights and however they change. */
import fc from 'fast-check';
import {
  allocate,
  bucketOf,
  BUCKETS,
  bucketsHeld,
  propensityOf,
  versionAt,
  type Range,
  type Share,
} from '../../collector/src/experiments/allocation.ts';
import { hashOfKey, murmur3 } from '../../collector/src/experiments/murmur3.ts';

const weight = fc.oneof(
  fc.nat(100),
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.constantFrom(0, 1, 1e-300, 1e300, 1 / 3, 0.1),
);
const shares = fc
  .uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', '10', '9'), { minLength: 1, maxLength: 6 })
  .chain((versions) =>
    fc
      .array(weight, { minLength: versions.length, maxLength: versions.length })
      .map((weights) => versions.map((version, index): Share => ({ version, weight: weights[index] as number }))),
  )
  .filter((list) => list.some((share) => share.weight > 0));

function owners(ranges: readonly Range[]): (string | undefined)[] {
  return Array.from({ length: BUCKETS }, (_, bucket) => versionAt(ranges, bucket));
}

test('every bucket has one version, ranges are as few as can be, and shares are right to a bucket', () => {
  fc.assert(
    fc.property(fc.array(shares, { minLength: 1, maxLength: 5 }), (steps) => {
      const ranges = steps.reduce<Range[]>((before, step) => allocate(step, before), []);
      expect(owners(ranges)).not.toContain(undefined);
      expect(ranges.every(({ version }, index) => index === 0 || version !== ranges[index - 1]?.version)).toBe(true);
      const last = steps.at(-1) as readonly Share[];
      const largest = Math.max(...last.map((share) => share.weight));
      const total = last.reduce((sum, share) => sum + share.weight / largest, 0);
      for (const share of last) {
        const exact = (share.weight / largest / total) * BUCKETS;
        const held = bucketsHeld(ranges).get(share.version) ?? 0;
        expect(Math.abs(held - exact)).toBeLessThan(1 + 1e-6);
        if (share.weight === 0) expect(held).toBe(0);
        expect(propensityOf(ranges, share.version)).toBe(held / BUCKETS);
      }
    }),
  );
});

test('exactly as many buckets move as must: none moves from or to a version that keeps its size', () => {
  fc.assert(
    fc.property(shares, shares, (first, second) => {
      const before = allocate(first);
      const after = allocate(second, before);
      const [old, now] = [owners(before), owners(after)];
      const moved = old.filter((owner, bucket) => owner !== now[bucket]).length;
      const [held, holds] = [bucketsHeld(before), bucketsHeld(after)];
      const lost = [...held].reduce((sum, [version, count]) => sum + Math.max(0, count - (holds.get(version) ?? 0)), 0);
      expect(moved).toBe(lost);
    }),
  );
});

test('no other whole buckets for the same weights would move fewer', () => {
  // Three equal weights: one version has one bucket more, and it is the one that need not give it up.
  fc.assert(
    fc.property(fc.constantFrom('a', 'b', 'c'), (large) => {
      const even = ['a', 'b', 'c'].map((version) => ({ version, weight: 1 }));
      const before = allocate(['a', 'b', 'c'].map((version) => ({ version, weight: version === large ? 3334 : 3333 })));
      expect(allocate(even, before)).toEqual(before);
    }),
  );
});

test('the order of the shares does not matter, and the same weights again move nothing', () => {
  fc.assert(
    fc.property(shares, shares, (first, second) => {
      const before = allocate(first);
      const after = allocate(second, before);
      expect(allocate([...second].reverse(), before)).toEqual(after);
      expect(allocate(second, after)).toEqual(after);
    }),
  );
});

test('a key has the bucket of the hash of salt, colon and key, whichever salt was asked before', () => {
  const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('\ud800', 'a\udc00b', '😀'));
  fc.assert(
    fc.property(text, text, text, (key, salt, other) => {
      const expected = murmur3(`${salt}:${key}`);
      expect(hashOfKey(key, salt)).toBe(expected);
      hashOfKey(key, other);
      expect(hashOfKey(key, salt)).toBe(expected);
      expect(bucketOf(key, salt)).toBe(Math.floor((expected * BUCKETS) / 2 ** 32));
    }),
  );
});

test('the hash is that of the bytes a TextEncoder writes', () => {
  const decoder = new TextDecoder();
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(murmur3(text)).toBe(murmur3(decoder.decode(new TextEncoder().encode(text))));
    }),
  );
});

test('keys spread evenly over the buckets', () => {
  const counts = new Float64Array(20);
  for (let key = 0; key < 100_000; key++) {
    const place = Math.floor(bucketOf(`user-${key}`, 'checkout') / 500);
    counts[place] = (counts[place] as number) + 1;
  }
  // χ² with 19 degrees of freedom is above 43.8 once in a thousand.
  expect(counts.reduce((sum, count) => sum + (count - 5000) ** 2 / 5000, 0)).toBeLessThan(43.8);
});
