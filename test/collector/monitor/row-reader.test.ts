/** Reading rows into columns: whatever the names and whatever the rows hold. */
import fc from 'fast-check';
import { RowReader, type Features } from '../../../collector/src/monitor/row-reader.ts';

function read(features: unknown, numeric: readonly string[], categorical: readonly string[] = []) {
  const reader = new RowReader({ numeric, categorical });
  reader.read(features as Features);
  return { numbers: Array.from(reader.columns.numbers), categories: reader.columns.categories };
}

test('numbers go to their columns, anything else reads as no number', () => {
  const row = { a: 1.5, b: '2', c: null, d: NaN, e: -Infinity, f: true, g: { valueOf: () => 3 } };
  const names = ['g', 'f', 'e', 'd', 'c', 'b', 'a', 'absent'];
  expect(read(row, names).numbers).toEqual([NaN, NaN, -Infinity, NaN, NaN, NaN, 1.5, NaN]);
});

test('categories are handed on as they are', () => {
  const row = { plan: 'basic', paid: true, visits: 3 };
  expect(read(row, [], ['visits', 'plan', 'paid', 'absent']).categories).toEqual([3, 'basic', true, undefined]);
});

test.each([[undefined], [null], ['text'], [7], [[]]])('a row of %p holds nothing', (features) => {
  expect(read(features, ['a'], ['b'])).toEqual({ numbers: [NaN], categories: [undefined] });
});

test('a getter that throws costs its own column and no other', () => {
  const row = {
    a: 1,
    get b(): number {
      throw new Error('no');
    },
    c: 3,
    plan: 'basic',
  };
  expect(read(row, ['a', 'b', 'c'], ['plan'])).toEqual({ numbers: [1, NaN, 3], categories: ['basic'] });
});

test('one row leaves nothing behind for the next', () => {
  const reader = new RowReader({ numeric: ['a'], categorical: ['b'] });
  reader.read({ a: 1, b: 'x' });
  reader.read({});
  expect([reader.columns.numbers[0], reader.columns.categories[0]]).toEqual([NaN, undefined]);
});

test('any text is a name and never code', () => {
  const names = fc.uniqueArray(fc.string({ unit: 'binary', maxLength: 20 }), { minLength: 1, maxLength: 250 });
  const awkward = ['"', '\\', '`', '${process.exit()}', '\u2028', '"]; throw 1; //', '__proto__', 'constructor', ''];
  fc.assert(
    fc.property(names, (some) => {
      const all = [...new Set([...awkward, ...some])];
      const row = Object.fromEntries(all.map((name, index) => [name, index]));
      expect(read(row, all).numbers).toEqual(all.map((_, index) => index));
    }),
    { numRuns: 50 },
  );
});
