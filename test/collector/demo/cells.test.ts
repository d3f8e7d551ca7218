import { featureOf, isMissing, numberOf, timeOf } from '../../../collector/src/demo/csv/cells.ts';
import { columnType } from '../../../collector/src/demo/csv/column-types.ts';

describe('cells', () => {
  test.each(['', '  ', 'NA', 'n/a', 'NaN', 'null', 'None'])('%j is a missing value', (cell) => {
    expect(isMissing(cell)).toBe(true);
    expect(featureOf(cell, 'numeric')).toBeNull();
    expect(featureOf(cell, 'categorical')).toBeNull();
  });

  test.each([
    ['1', 1],
    [' -2.5 ', -2.5],
    ['+.5', 0.5],
    ['3.', 3],
    ['1e-3', 0.001],
    ['0x10', undefined],
    ['1,5', undefined],
    ['Infinity', undefined],
    ['1 2', undefined],
  ])('%j is the number %p', (cell, number) => expect(numberOf(cell)).toBe(number));

  test.each([
    ['1996-05-07T00:00:00Z', Date.UTC(1996, 4, 7)],
    ['1996-05-07', Date.UTC(1996, 4, 7)],
    ['831427200', 831_427_200_000],
    ['831427200000', 831_427_200_000],
    ['May', undefined],
    ['1996-13-40', undefined],
    ['', undefined],
  ])('%j is the time %p', (cell, time) => expect(timeOf(cell)).toBe(time));

  test('a column is numeric when most of its present values are', () => {
    const column = (...cells: string[]) =>
      columnType(
        cells.map((cell) => ({ line: 1, cells: [cell] })),
        0,
      );
    expect(column('1', '2', 'oops')).toBe('numeric');
    expect(column('', 'NA', '2')).toBe('numeric');
    expect(column('red', '2')).toBe('categorical');
    expect(column('', '')).toBe('categorical');
  });
});
