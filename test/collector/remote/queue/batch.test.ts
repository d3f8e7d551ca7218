import fc from 'fast-check';
import { columnsOf } from '../../../../collector/src/remote/columns/column-writer.ts';
import { rowsOf } from '../../../../collector/src/remote/columns/column-reader.ts';
import { splitShipment, type Shipment } from '../../../../collector/src/remote/queue/batch.ts';

const value = fc.option(fc.oneof(fc.string(), fc.integer()), { nil: null });
const row = fc.record(
  { id: fc.string(), prediction: value, features: fc.dictionary(fc.string(), value, { minKeys: 1 }) },
  { requiredKeys: ['id'] },
);

function rowsIn({ body, rows }: Shipment) {
  const { columns, nulls, ...common } = JSON.parse(body.toString()) as Record<string, unknown>;
  const read = rowsOf({ columns, nulls }, common, 100);
  expect(read).toHaveLength(rows);
  return read;
}

test('the halves of a batch hold its rows, in order', () => {
  fc.assert(
    fc.property(fc.array(row, { minLength: 2, maxLength: 20 }), (rows) => {
      const body = Buffer.from(JSON.stringify({ model: 'm', version: '1', ...columnsOf(rows) }));
      const whole: Shipment = { kind: 'predictions', rows: rows.length, body };
      const halves = splitShipment(whole);
      expect(halves.map(({ kind }) => kind)).toEqual(['predictions', 'predictions']);
      expect(Math.abs(halves[0].rows - halves[1].rows)).toBeLessThanOrEqual(1);
      expect(halves.flatMap(rowsIn)).toEqual(rowsIn(whole));
    }),
  );
});
