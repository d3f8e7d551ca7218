/** Bins hold any numbers: ties, constants, infinities, denormals, 1e300. */
import fc from 'fast-check';
import { binCounts, binLabels, binOf, nextDown, quantileEdges } from '../../collector/src/distribution/bins.ts';

const awkward = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom(0, 5e-324, -5e-324, 1e300, -1e300, Number.MAX_VALUE, -Number.MAX_VALUE, 0.1, 0.1 + 0.2),
);
const values = fc.array(awkward, { minLength: 1, maxLength: 200 });
const bins = fc.integer({ min: 2, max: 200 });

function sampleOf(list: readonly number[]) {
  const tally = new Map<number, number>();
  for (const value of list.map((item) => (item === 0 ? 0 : item)).sort((a, b) => a - b))
    tally.set(value, (tally.get(value) ?? 0) + 1);
  return { values: [...tally.keys()], counts: [...tally.values()], total: list.length };
}

test('edges are finite and ascend', () => {
  fc.assert(
    fc.property(values, bins, (list, wanted) => {
      const edges = quantileEdges(sampleOf(list), wanted);
      expect(edges.every((edge) => Number.isFinite(edge))).toBe(true);
      expect(edges.every((edge, index) => index === 0 || edge > (edges[index - 1] as number))).toBe(true);
    }),
  );
});

test('every value falls into one bin, that of its bounds, and counts sum to n', () => {
  fc.assert(
    fc.property(values, bins, fc.array(awkward), (list, wanted, others) => {
      const sample = sampleOf(list);
      const edges = quantileEdges(sample, wanted);
      for (const value of [...list, ...others, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
        const bin = binOf(edges, value);
        expect(bin === edges.length || value <= (edges[bin] as number)).toBe(true);
        expect(bin === 0 || value > (edges[bin - 1] as number)).toBe(true);
      }
      expect(binCounts(edges, sample).reduce((sum, count) => sum + count, 0)).toBe(list.length);
    }),
  );
});

test('a larger value never falls into a lower bin', () => {
  fc.assert(
    fc.property(values, bins, awkward, awkward, (list, wanted, a, b) => {
      const edges = quantileEdges(sampleOf(list), wanted);
      expect(binOf(edges, Math.min(a, b))).toBeLessThanOrEqual(binOf(edges, Math.max(a, b)));
    }),
  );
});

test('a value heavier than a bin shares its bin with nobody', () => {
  fc.assert(
    fc.property(values, bins, (list, wanted) => {
      const sample = sampleOf(list);
      const edges = quantileEdges(sample, wanted);
      const counts = binCounts(edges, sample);
      sample.values.forEach((value, index) => {
        const own = sample.counts[index] as number;
        if (own > list.length / wanted) expect(counts[binOf(edges, value)]).toBe(own);
      });
    }),
  );
});

test('and no bin without such a value holds more than twice its share', () => {
  fc.assert(
    fc.property(values, bins, (list, wanted) => {
      const sample = sampleOf(list);
      const share = list.length / wanted;
      const edges = quantileEdges(sample, wanted);
      const ordinary = sample.counts.map((count) => (count > share ? 0 : count));
      const counts = binCounts(edges, { ...sample, counts: ordinary });
      expect(Math.max(...counts)).toBeLessThanOrEqual(Math.max(1, 2.5 * share));
    }),
  );
});

test('nextDown is just below: nothing lies between', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1.7e308 }), (value) => {
      const below = nextDown(value);
      expect(below).toBeLessThan(value);
      const middle = below / 2 + value / 2;
      if (Math.abs(value) > 1e-300) expect(middle === below || middle === value).toBe(true);
    }),
  );
});

test('the labels name each bin by its bounds, no two alike', () => {
  fc.assert(
    fc.property(values, bins, (list, wanted) => {
      const edges = quantileEdges(sampleOf(list), wanted);
      const labels = binLabels(edges);
      expect(labels.slice(0, -1).map(({ le }) => Number(le))).toEqual(edges);
      expect(new Set(labels.map(({ le }) => le)).size).toBe(edges.length + 1);
    }),
  );
});
