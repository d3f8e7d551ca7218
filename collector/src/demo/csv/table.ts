/** A CSV table: a header row, then rows of as many cells. */
import { PlumblineError } from '../../errors.ts';
import { readRecords, type BadRow, type CsvRecord } from './records.ts';

/** One row with a cell per column. */
export interface CsvRow {
  /** 1-based line of the file on which the row begins. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** A CSV file as it is read. */
export interface CsvTable {
  /** Names of the columns, in order. */
  readonly columns: readonly string[];
  /** The rows, once, in order; ending the loop early closes the file. */
  readonly rows: AsyncIterable<CsvRow>;
}

/**
 * Opens a table (plain or gzip; BOM, CRLF and quotes as usual) and reads its header.
 * @param onBadRow told each row that is skipped: a misplaced quote, too few or too many cells
 * @throws PlumblineError `invalid_input_file` when the file cannot be read or its header is empty or names a column twice;
 *   the rows throw it too when the file turns out to be damaged further on
 */
export async function openTable(path: string, onBadRow: (bad: BadRow) => void): Promise<CsvTable> {
  let columns: readonly string[] = [];
  const records = readRecords(path, (bad) => {
    if (columns.length === 0) throw badHeader(path, `in its header, column ${bad.column}, ${bad.reason}`);
    onBadRow({ ...bad, column: columns[Number(bad.column) - 1] ?? bad.column });
  });
  const header = await records.next();
  if (header.done === true) throw badHeader(path, 'it has no header row');
  columns = checkedHeader(path, header.value);
  return { columns, rows: rowsOf(records, columns, onBadRow) };
}

/**
 * The position of a named column.
 * @param purpose what the column is wanted for, as the message should name it
 * @throws PlumblineError `invalid_input_file` naming the missing column and those there are
 */
export function columnIndex(path: string, table: CsvTable, column: string, purpose: string): number {
  const index = table.columns.indexOf(column);
  if (index >= 0) return index;
  const help = `Its columns are: ${table.columns.join(', ')}.`;
  throw new PlumblineError('invalid_input_file', `${path} has no column "${column}" (${purpose}).`, help);
}

async function* rowsOf(
  records: AsyncGenerator<CsvRecord>,
  columns: readonly string[],
  onBadRow: (bad: BadRow) => void,
): AsyncGenerator<CsvRow> {
  for await (const record of records) {
    const { line, cells } = record;
    if (cells.length === columns.length) yield record;
    else if (cells.length < columns.length)
      onBadRow({
        line,
        column: columns[cells.length] ?? '',
        reason: `it has ${cells.length} of ${columns.length} cells`,
      });
    else {
      const reason = `it has ${cells.length} cells for ${columns.length} columns`;
      onBadRow({ line, column: String(columns.length + 1), reason });
    }
  }
}

function checkedHeader(path: string, { cells }: CsvRecord): readonly string[] {
  const columns = cells.map((cell) => cell.trim());
  const empty = columns.indexOf('');
  if (empty >= 0) throw badHeader(path, `its header names no column ${empty + 1}`);
  const twice = columns.find((name, index) => columns.indexOf(name) !== index);
  if (twice !== undefined) throw badHeader(path, `its header names column "${twice}" twice`);
  return columns;
}

function badHeader(path: string, reason: string): PlumblineError {
  const help = 'The first row must name the columns, separated by commas.';
  return new PlumblineError('invalid_input_file', `${path} is not a usable table: ${reason}.`, help);
}
