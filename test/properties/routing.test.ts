/** Routing for any weights and any keys. */
import fc from 'fast-check';
import { RouteTable } from '../../collector/src/client/router/routes.ts';
import { allocate, bucketOf, BUCKETS, type Range } from '../../collector/src/experiments/allocation.ts';
import type { ModelAssignments } from '../../collector/src/remote/assignments/assignments.ts';

const key = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.uuid(), fc.string({ maxLength: 300 }));
const salt = fc.oneof(fc.string(), fc.string({ unit: 'binary' }));
const weights = fc.array(fc.double({ min: 0, max: 10, noNaN: true }), { minLength: 1, maxLength: 6 });

function shares(values: readonly number[]) {
  const all = values.map((weight, index) => ({ version: String(index), weight }));
  return values.some((weight) => weight > 0) ? all : all.map((share) => ({ ...share, weight: 1 }));
}

function tableOf(ranges: readonly Range[], own: string): RouteTable {
  const experiment = { name: 'e', epoch: 1, salt: own, ranges, shadows: [] };
  const state: ModelAssignments = { production: null, experiment };
  return new RouteTable(state, { deployed: undefined, fallback: 'fallback' }, false);
}

test('a key gets the version whose range holds its bucket, again and again, in every process', () => {
  fc.assert(
    fc.property(weights, salt, fc.array(key, { maxLength: 20 }), (values, own, keys) => {
      const ranges = allocate(shares(values));
      const [table, another] = [tableOf(ranges, own), tableOf(ranges, own)];
      for (const each of keys) {
        const bucket = bucketOf(each, own);
        const range = ranges.find(({ start, end }) => bucket >= start && bucket < end);
        expect(table.byKey(each).version).toBe(range?.version);
        expect(another.byKey(each)).toEqual(table.byKey(each));
      }
    }),
  );
});

test('when weights change only keys move that must: to a version that grows, from one that shrinks', () => {
  fc.assert(
    fc.property(weights, weights, salt, fc.array(key, { maxLength: 50 }), (before, after, own, keys) => {
      const first = allocate(shares(before));
      const second = allocate(shares(after), first);
      const held = (ranges: readonly Range[], version: string) =>
        ranges.reduce((sum, range) => sum + (range.version === version ? range.end - range.start : 0), 0);
      const [old, young] = [tableOf(first, own), tableOf(second, own)];
      for (const each of keys) {
        const [from, to] = [old.byKey(each).version, young.byKey(each).version];
        if (from === to) continue;
        expect(held(second, from)).toBeLessThan(held(first, from));
        expect(held(second, to)).toBeGreaterThan(held(first, to));
      }
    }),
  );
});

test('propensities are the shares of the buckets, and those drawn evenly get them', () => {
  fc.assert(
    fc.property(weights, (values) => {
      const ranges = allocate(shares(values));
      const table = tableOf(ranges, 's');
      const drawn = new Map<string, number>();
      for (let bucket = 0; bucket < BUCKETS; bucket++) {
        const { version } = table.drawn((bucket + 0.5) / BUCKETS);
        drawn.set(version, (drawn.get(version) ?? 0) + 1);
      }
      for (const [version, count] of drawn) {
        const { experiment } = table.drawn((ranges.find((range) => range.version === version)?.start ?? 0) / BUCKETS);
        expect(experiment?.propensity).toBe(count / BUCKETS);
      }
    }),
    { numRuns: 30 },
  );
});
