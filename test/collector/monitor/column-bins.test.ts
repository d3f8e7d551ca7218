/** Rows of numbers to series: the same bins as the binary search, column by column. */
import fc from 'fast-check';
import { binOf } from '../../../collector/src/distribution/bins.ts';
import { ColumnBins, type BinnedColumn } from '../../../collector/src/monitor/column-bins.ts';

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const column = fc.record({
  edges: fc
    .uniqueArray(fc.oneof(finite, fc.integer({ min: -50, max: 50 }).map(Number)), { maxLength: 60 })
    .map((values) => Array.from(new Set(values.map((value) => value + 0))).sort((a, b) => a - b)),
  first: fc.nat({ max: 1_000_000 }),
  min: fc.oneof(fc.constant(-Number.MAX_VALUE), finite),
  max: fc.oneof(fc.constant(Number.MAX_VALUE), finite),
});
const rows = fc.array(fc.tuple(column, fc.oneof(finite, fc.constantFrom(NaN, Infinity, -Infinity, -0))), {
  maxLength: 250,
});

function find(columns: readonly BinnedColumn[], values: readonly number[]): { series: number[]; odd: number } {
  const series = new Int32Array(columns.length);
  const odd = new ColumnBins(columns).findRow(Float64Array.from(values), series);
  return { series: Array.from(series), odd };
}

test('each usual value in the bins of its own column, −1 for every other one', () => {
  fc.assert(
    fc.property(rows, (row) => {
      const columns = row.map(([each]) => each);
      const expected = row.map(([{ edges, first, min, max }, value]) =>
        value >= min && value <= max ? first + binOf(edges, value) : -1,
      );
      const { series, odd } = find(
        columns,
        row.map(([, value]) => value),
      );
      expect(series).toEqual(expected);
      expect(odd).toBe(expected.filter((each) => each < 0).length);
    }),
  );
});

test('values on the edges and out of the usual range have their bin all the same', () => {
  const usual = { edges: [1, 2, 3], first: 10, min: 0, max: 2.5 };
  expect(find([usual, usual, usual, usual], [1, 2, 2.5, 2.6])).toEqual({ series: [10, 11, 12, -1], odd: 1 });
  const bins = new ColumnBins([usual]);
  expect([-5, 2.6, 7].map((value) => bins.find(0, value))).toEqual([10, 12, 13]);
});

test('no columns, and columns without edges', () => {
  expect(find([], [])).toEqual({ series: [], odd: 0 });
  expect(find([{ edges: [], first: 4, min: -Number.MAX_VALUE, max: Number.MAX_VALUE }], [1])).toEqual({
    series: [4],
    odd: 0,
  });
});
