import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { BadRow } from '../../../collector/src/demo/csv/records.ts';
import { columnIndex, openTable } from '../../../collector/src/demo/csv/table.ts';
import { temporaryFolder } from '../cli/support/plumbline.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

async function read(content: string | Uint8Array) {
  const path = folder.path('table.csv');
  writeFileSync(path, content);
  const bad: BadRow[] = [];
  const table = await openTable(path, (row) => bad.push(row));
  const rows: (readonly [number, ...string[]])[] = [];
  for await (const { line, cells } of table.rows) rows.push([line, ...cells]);
  return { columns: table.columns, rows, bad };
}

describe('a CSV table', () => {
  test('byte-order mark, CRLF, blank lines, quotes, quoted line ends and no final line end', async () => {
    const { columns, rows, bad } = await read('\uFEFF"a",b\r\n1,"x, ""y"""\r\n\r\n2,"two\r\nlines"\r\n3,z');
    expect(columns).toEqual(['a', 'b']);
    expect(rows).toEqual([
      [2, '1', 'x, "y"'],
      [4, '2', 'two\nlines'],
      [6, '3', 'z'],
    ]);
    expect(bad).toEqual([]);
  });

  test('gzip is recognised by content, and a multi-byte character may fall on a chunk border', async () => {
    const filler = 'é'.repeat(100_000);
    const { rows } = await read(gzipSync(`a,b\n1,x${filler}\n2,${filler}\n`));
    expect(rows).toEqual([
      [2, '1', `x${filler}`],
      [3, '2', filler],
    ]);
  });

  test('too few and too many cells are reported with line and column, and skipped', async () => {
    const { rows, bad } = await read('a,b,c\n1,2,3\n4,5\n6,7,8,9\n10,11,12\n');
    expect(rows).toEqual([
      [2, '1', '2', '3'],
      [5, '10', '11', '12'],
    ]);
    expect(bad).toEqual([
      { line: 3, column: 'c', reason: 'it has 2 of 3 cells' },
      { line: 4, column: '4', reason: 'it has 4 cells for 3 columns' },
    ]);
  });

  test.each([
    ['a stray quote in a cell', '4,x"y,6', 'b', 'misplaced quote'],
    ['text after a closing quote', '4,5,"x"y', 'c', 'misplaced quote'],
    ['a quote left open before a quoted cell', '4,"open,6', 'b', 'misplaced quote'],
  ])('%s costs its own row only', async (_name, line, column, reason) => {
    const { rows, bad } = await read(`a,b,c\n1,2,3\n${line}\n7,8,9\n10,"11",12\n`);
    expect(rows).toEqual([
      [2, '1', '2', '3'],
      [4, '7', '8', '9'],
      [5, '10', '11', '12'],
    ]);
    expect(bad).toEqual([{ line: 3, column, reason: expect.stringContaining(reason) }]);
  });

  test('an open quote before thousands of rows gives up one row', async () => {
    const many = Array.from({ length: 5_000 }, (_, index) => `${index},x`).join('\n');
    const { rows, bad } = await read(`a,b\n"0,x\n${many}\n`);
    expect(rows).toHaveLength(5_000);
    expect(bad).toEqual([{ line: 2, column: 'a', reason: 'its quote is never closed' }]);
  });

  test.each([
    ['nothing', '', 'no header row'],
    ['blank lines', '\n\n', 'no header row'],
    ['a column without a name', 'a,,c\n', 'no column 2'],
    ['a column named twice', 'a,b,a\n', 'column "a" twice'],
    ['a broken header', 'a,b"c\n1,2\n', 'in its header, column 2'],
    ['an endless line', `a,b\n1,${'x'.repeat(1_100_000)}`, 'line 2 is longer than'],
    ['damaged gzip', gzipSync('a,b\n1,2\n').fill(7, 12, 16), 'gzip data is damaged'],
    ['cut-off gzip', gzipSync('a,b\n1,2\n').subarray(0, 20), 'gzip data is cut off'],
  ])('a file of %s is refused as a whole', async (_name, content, message) => {
    await expect(read(content)).rejects.toMatchObject({ code: 'invalid_input_file', exitCode: 3 });
    await expect(read(content)).rejects.toThrow(message);
  });

  test.each([
    ['a file that is not there', folder.path('none.csv'), 'there is no such file'],
    ['a folder', folder.path('.'), 'it is a folder'],
  ])('%s is refused', async (_name, path, message) => {
    await expect(openTable(path, () => {})).rejects.toMatchObject({ code: 'invalid_input_file' });
    await expect(openTable(path, () => {})).rejects.toThrow(message);
  });

  test('a missing column is named with its purpose and the columns there are', () => {
    const table = { columns: ['a', 'b'], rows: (async function* () {})() };
    expect(columnIndex('t.csv', table, 'b', '--label')).toBe(1);
    expect(() => columnIndex('t.csv', table, 'c', '--label')).toThrow('t.csv has no column "c" (--label).');
    expect(() => columnIndex('t.csv', table, 'c', '--label')).toThrow(
      expect.objectContaining({ code: 'invalid_input_file', help: 'Its columns are: a, b.' }),
    );
  });
});
