/** A recorded file, opened: its rows as predictions, and the reference they are judged against. */
import { profileReference, readReferenceFile, type ReferenceProfile } from '../index.ts';
import type { BadRow } from './csv/records.ts';
import { openTable, type CsvRow } from './csv/table.ts';
import { outputsOf } from './recorded-outputs.ts';
import {
  recordedLayout,
  recordedRows,
  type RecordedColumns,
  type RecordedLayout,
  type RecordedTask,
} from './recorded-rows.ts';
import type { ReplayRow } from './replay-rows.ts';
import { count } from './report/format.ts';

/** Without a reference file the first so many rows become the reference, as DESIGN says of every model without one. */
const SELF_REFERENCE_ROWS = 5_000;

/** Which file, and which column means what. */
export interface RecordedFileOptions {
  readonly file: string;
  readonly columns: RecordedColumns;
  readonly task: RecordedTask;
  /** Path of a reference profile. */
  readonly reference?: string;
}

/** A recorded file. */
export interface RecordedFile {
  readonly rows: AsyncIterable<ReplayRow>;
  /** Undefined where there is none, or where whoever judges has its own. */
  readonly reference: ReferenceProfile | undefined;
  /** Where the reference came from, in words. */
  readonly origin: string;
}

/**
 * Opens a file; each bad row is told.
 * @param judged whether rows are judged here, so that a reference is made where none is given
 * @throws PlumblineError `invalid_input_file`, `invalid_reference` or `usage`, naming the column or the flag
 */
export async function openRecorded(
  options: RecordedFileOptions,
  onBadRow: (bad: BadRow) => void,
  judged = true,
): Promise<RecordedFile> {
  const given = options.reference === undefined ? undefined : readReferenceFile(options.reference);
  const table = await openTable(options.file, onBadRow);
  const rows = table.rows[Symbol.asyncIterator]();
  const sample = await take(rows, SELF_REFERENCE_ROWS);
  const layout = recordedLayout(options.file, table, options.columns, { task: options.task, sample, reference: given });
  const all = recordedRows(chain(sample, rows), layout, onBadRow);
  if (given) return { rows: all, reference: given, origin: `from ${options.reference}` };
  if (!judged) return { rows: all, reference: undefined, origin: 'the collector has no reference, or no window yet' };
  if (sample.length < SELF_REFERENCE_ROWS) {
    const origin = `without --reference it needs ${count(SELF_REFERENCE_ROWS)} rows to make one of`;
    return { rows: all, reference: undefined, origin };
  }
  const reference = await selfReference(sample, layout);
  const origin = reference
    ? `the first ${count(SELF_REFERENCE_ROWS)} rows of the file`
    : 'the file has no feature to judge';
  return { rows: all, reference, origin };
}

async function selfReference(sample: readonly CsvRow[], layout: RecordedLayout): Promise<ReferenceProfile | undefined> {
  const rows: ReplayRow[] = [];
  // Bad rows are told when they are replayed; here they are left out in silence.
  for await (const row of recordedRows(sample, layout, () => {})) rows.push(row);
  const features = rows.map((row) => row.features ?? {});
  const present = layout.features.filter(({ name }) => features.some((row) => row[name] !== null));
  const output = outputsOf(rows, layout.task);
  if (present.length === 0 && !output.scores && !output.values) return undefined;
  const categorical = present.filter(({ type }) => type === 'categorical').map(({ name }) => name);
  return profileReference(features, { features: present.map(({ name }) => name), categorical, ...output });
}

async function take(rows: AsyncIterator<CsvRow>, count: number): Promise<CsvRow[]> {
  const taken: CsvRow[] = [];
  while (taken.length < count) {
    const { done, value } = await rows.next();
    if (done === true) break;
    taken.push(value);
  }
  return taken;
}

async function* chain(first: readonly CsvRow[], rest: AsyncIterator<CsvRow>): AsyncGenerator<CsvRow> {
  try {
    yield* first;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}
