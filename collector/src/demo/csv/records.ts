/** Records of a CSV file with the line each begins on. One malformed record is reported and skipped; those after it are read. */
import { CsvError, parse } from 'csv-parse/sync';
import { readLines } from './lines.ts';

/** What was wrong with one row. */
export interface BadRow {
  /** 1-based line of the file on which the row begins. */
  readonly line: number;
  /** Name of the column, or its 1-based position where the header has none. */
  readonly column: string;
  readonly reason: string;
}

/** One record of a CSV file, not yet held against the columns. */
export interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

/** A quoted cell may span so many lines. Beyond, its opening quote is taken for a stray one and only its line is given up. */
const MAX_LINES_PER_RECORD = 100;

/**
 * Yields the records of a file. A line without a quote is cut at its commas, which is all that CSV means there; the others
 * go through csv-parse one by one, because after a misplaced quote its stream parser also loses the good rows that follow
 * (measured on version 7).
 * @param onBadRow told each record that is skipped; its column is a 1-based position
 * @throws PlumblineError as `readLines`
 */
export async function* readRecords(path: string, onBadRow: (bad: BadRow) => void): AsyncGenerator<CsvRecord> {
  const lines = new LineQueue(readLines(path));
  for (;;) {
    const text = await lines.take();
    if (text === undefined) return;
    const line = lines.number;
    if (text.trim() === '') continue;
    if (!text.includes('"')) yield { line, cells: text.split(',') };
    else {
      const parsed = await parseQuoted(text, lines);
      if ('cells' in parsed) yield { line, cells: parsed.cells };
      else onBadRow({ line, ...parsed });
    }
  }
}

type Parsed = { readonly cells: readonly string[] } | { readonly column: string; readonly reason: string };

/** Parses a record that begins with `text`; takes further lines while a quoted cell is open. */
async function parseQuoted(text: string, lines: LineQueue): Promise<Parsed> {
  const taken: string[] = [];
  let record = text;
  for (;;) {
    try {
      return { cells: (parse(record, { relax_column_count: true }) as string[][])[0] ?? [] };
    } catch (error) {
      if (!(error instanceof CsvError)) throw error;
      const open = error.code === 'CSV_QUOTE_NOT_CLOSED';
      const next = open && taken.length < MAX_LINES_PER_RECORD ? await lines.take() : undefined;
      if (next === undefined) {
        lines.putBack(taken);
        return { column: columnOf(error), reason: open ? 'its quote is never closed' : 'it has a misplaced quote' };
      }
      taken.push(next);
      record += `\n${next}`;
    }
  }
}

function columnOf(error: CsvError): string {
  return 'column' in error && typeof error.column === 'number' ? String(error.column + 1) : '1';
}

/** Lines that can be put back, with the number of the one taken last. */
class LineQueue {
  readonly #source: AsyncGenerator<string>;
  #back: string[] = [];
  number = 0;

  constructor(source: AsyncGenerator<string>) {
    this.#source = source;
  }

  async take(): Promise<string | undefined> {
    const line = this.#back.shift() ?? (await this.#next());
    if (line !== undefined) this.number++;
    return line;
  }

  putBack(lines: readonly string[]): void {
    this.#back = [...lines, ...this.#back];
    this.number -= lines.length;
  }

  async #next(): Promise<string | undefined> {
    const { done, value } = await this.#source.next();
    return done === true ? undefined : value;
  }
}
