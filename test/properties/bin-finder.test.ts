/** The grid finds the same bins as the binary search, whatever the edges. */
import fc from 'fast-check';
import { BinFinder } from '../../collector/src/distribution/bin-finder.ts';
import { binOf, nextDown } from '../../collector/src/distribution/bins.ts';

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const edges = fc
  .uniqueArray(fc.oneof(finite, fc.integer({ min: -50, max: 50 }).map(Number)), { maxLength: 60 })
  .map((values) => Array.from(new Set(values.map((value) => value + 0))).sort((a, b) => a - b));

test('agrees with binOf on any value, on the edges and next to them', () => {
  fc.assert(
    fc.property(edges, fc.array(finite, { maxLength: 50 }), (sorted, values) => {
      const finder = new BinFinder(sorted);
      for (const value of [...values, ...sorted, ...sorted.map(nextDown), 0, Number.MAX_VALUE, -Number.MAX_VALUE]) {
        if (!Number.isFinite(value)) continue;
        expect([value, finder.find(value)]).toEqual([value, binOf(sorted, value)]);
      }
    }),
    { numRuns: 500 },
  );
});

test.each([
  ['no edges', []],
  ['one edge', [0.5]],
  ['an atom', [nextDown(0.25), 0.25]],
  ['a range that overflows', [-Number.MAX_VALUE, 0, Number.MAX_VALUE]],
  ['denormal edges', [0, 5e-324, 1e-323]],
  ['very uneven edges', [1e-300, 1e-200, 1e-100, 1, 1e100, 1e200]],
])('%s', (_name, sorted) => {
  const finder = new BinFinder(sorted);
  for (const value of [-1e308, -1, 0, 5e-324, 1e-250, 0.2, 0.25, 0.5, 1, 2, 1e150, 1e308, ...sorted]) {
    expect([value, finder.find(value)]).toEqual([value, binOf(sorted, value)]);
  }
});
