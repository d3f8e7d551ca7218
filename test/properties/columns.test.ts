/** Rows as columns and back: the same rows, over the wire too. */
import fc from 'fast-check';
import { columnsOf, type PlainRow } from '../../collector/src/remote/columns/column-writer.ts';
import { rowsOf } from '../../collector/src/remote/columns/column-reader.ts';

const name = fc.oneof(fc.string(), fc.constantFrom('age', 'plan', '__proto__', 'constructor', 'toString', '', 'a.b'));
const cell = fc.oneof(
  fc.string(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
);
const byName = fc
  .array(fc.tuple(name, cell), { minLength: 1, maxLength: 6 })
  .map((entries) => Object.fromEntries(entries) as Record<string, unknown>);
const row: fc.Arbitrary<PlainRow> = fc.record(
  {
    id: cell,
    timestamp: cell,
    prediction: fc.oneof(cell, fc.array(cell, { maxLength: 3 })),
    score: cell,
    features: byName,
    scores: byName,
    experiment: fc.record({ name: fc.string(), epoch: fc.nat() }),
    segment: cell,
  },
  { requiredKeys: [] },
);

const rows = fc.array(row, { minLength: 1, maxLength: 20 }).filter((all) => all.some((one) => Object.keys(one).length));
const overTheWire = (value: unknown) => JSON.parse(JSON.stringify(value)) as { columns: unknown; nulls?: unknown };
/** -0 is 0 in JSON. */
const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;

test('rows → columns → rows is the identity; missing is not null', () => {
  fc.assert(
    fc.property(rows, (all) => {
      const read = rowsOf(overTheWire(columnsOf(all)), {}, 100);
      expect(read).toEqual(plain(all));
      expect(read.map(shape)).toEqual(all.map(shape));
    }),
    { numRuns: 500 },
  );
});

/** Names with what stands under them, in any order: `toEqual` takes `undefined` for missing and does not look at `__proto__`. */
function shape(value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return JSON.stringify(value);
  return Object.entries(value)
    .map(([key, inner]) => [key, shape(inner)])
    .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
}

test('columns of one batch are equally long, and null stands where a row has nothing', () => {
  fc.assert(
    fc.property(rows, (all) => {
      const { columns } = columnsOf(all);
      const lengths = Object.entries(columns).flatMap(([field, column]) =>
        field === 'features' || field === 'scores'
          ? Object.values(column as Record<string, unknown[]>).map(({ length }) => length)
          : [(column as unknown[]).length],
      );
      expect(new Set(lengths)).toEqual(new Set([all.length]));
    }),
  );
});

test('fields all rows share are given to each', () => {
  const batch = { columns: { prediction: ['a', null], features: { age: [1, 2] } }, nulls: { prediction: [1] } };
  expect(rowsOf(batch, { model: 'm', version: '1' }, 2)).toEqual([
    { model: 'm', version: '1', prediction: 'a', features: { age: 1 } },
    { model: 'm', version: '1', prediction: null, features: { age: 2 } },
  ]);
});

test.each([
  [{}, 'columns: expected an object of arrays'],
  [{ columns: [] }, 'columns: expected an object of arrays'],
  [{ columns: {} }, 'columns: holds no column'],
  [{ columns: { id: 'a' } }, 'columns.id: expected an array'],
  [{ columns: { id: ['a'], prediction: [] } }, 'columns.prediction: has 0 values where columns.id has 1'],
  [{ columns: { id: ['a'], features: { age: [1, 2] } } }, 'columns.features.age: has 2 values where columns.id has 1'],
  [{ columns: { id: ['a'], features: [1] } }, 'columns.features: expected an object of arrays by name'],
  [{ columns: { id: ['a'], features: { age: 1 } } }, 'columns.features.age: expected an array'],
  [{ columns: { id: ['a'] }, nulls: [] }, 'nulls: expected an object in the shape of columns'],
  [{ columns: { id: ['a'] }, nulls: { id: 0 } }, 'nulls of columns.id: expected an array of row numbers'],
  [{ columns: { id: ['a', 'b', 'c'] } }, 'columns: hold 3 rows, more than the 2 allowed'],
])('%j is refused', (batch, message) => {
  expect(() => rowsOf(batch, {}, 2)).toThrow(message);
});
