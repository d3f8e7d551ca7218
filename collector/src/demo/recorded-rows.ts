/** Rows of a table as recorded predictions: which column means what, and what is wrong with a row that cannot be used. */
import type { ClassValue, FeatureValue, ReferenceProfile } from '../index.ts';
import { SCORE_FEATURE, VALUE_FEATURE, type FeatureType } from '../prediction.ts';
import { PlumblineError } from '../errors.ts';
import { featureOf, isMissing, numberOf, timeOf } from './csv/cells.ts';
import { columnType } from './csv/column-types.ts';
import type { BadRow } from './csv/records.ts';
import { columnIndex, type CsvRow, type CsvTable } from './csv/table.ts';
import type { ReplayRow } from './replay-rows.ts';

/** What the recorded model predicts. */
export type RecordedTask = 'classification' | 'regression';

/** Column names as the command line gives them. */
export interface RecordedColumns {
  readonly prediction: string;
  readonly label: string;
  readonly timestamp?: string;
  readonly score?: string;
  readonly id?: string;
  /** Default: the reference's features, or every column that has no other meaning. */
  readonly features?: readonly string[];
}

/** A feature and where it stands. */
export interface FeatureColumn {
  readonly name: string;
  readonly index: number;
  readonly type: FeatureType;
}

/** Which column of a recorded file means what. */
export interface RecordedLayout {
  readonly task: RecordedTask;
  readonly columns: readonly string[];
  readonly prediction: number;
  readonly label: number;
  readonly timestamp: number | undefined;
  readonly score: number | undefined;
  readonly id: number | undefined;
  readonly features: readonly FeatureColumn[];
}

/** What is known of a file beside its header. */
export interface RecordedFacts {
  readonly task: RecordedTask;
  /** Its first rows. */
  readonly sample: readonly CsvRow[];
  readonly reference: ReferenceProfile | undefined;
}

/**
 * Finds the columns. A feature has the type the reference gives it, else the one its first values suggest.
 * @throws PlumblineError `invalid_input_file` naming a missing column and what it was wanted for
 */
export function recordedLayout(
  path: string,
  table: CsvTable,
  columns: RecordedColumns,
  { task, sample, reference }: RecordedFacts,
): RecordedLayout {
  const find = (name: string, purpose: string) => columnIndex(path, table, name, purpose);
  const optional = (name: string | undefined, purpose: string) =>
    name === undefined ? undefined : find(name, purpose);
  const layout = {
    task,
    columns: table.columns,
    prediction: find(columns.prediction, '--prediction'),
    label: find(columns.label, '--label'),
    timestamp: optional(columns.timestamp, '--timestamp'),
    score: optional(columns.score, '--score'),
    id: optional(columns.id, '--id'),
  };
  const types = new Map(reference?.features.map(({ feature, type }) => [feature, type]));
  const features = featureNames(table, columns, reference).map((name) => {
    const index = find(name, types.has(name) ? 'a feature of the reference' : '--features');
    return { name, index, type: types.get(name) ?? columnType(sample, index) };
  });
  return { ...layout, features };
}

function featureNames(
  table: CsvTable,
  columns: RecordedColumns,
  reference: ReferenceProfile | undefined,
): readonly string[] {
  const wanted = columns.features;
  // What the model gave is in columns of its own.
  const output = [SCORE_FEATURE, VALUE_FEATURE];
  const judged = reference?.features.map(({ feature }) => feature).filter((name) => !output.includes(name));
  const absent = wanted && judged?.find((name) => !wanted.includes(name));
  if (absent !== undefined) {
    const help = 'Name it too, or profile only the features you want to judge.';
    throw new PlumblineError('usage', `--features: lacks "${absent}", which the reference judges.`, help);
  }
  const { prediction, label, timestamp, score, id } = columns;
  const taken = [prediction, label, timestamp, score, id];
  return wanted ?? judged ?? table.columns.filter((name) => !taken.includes(name));
}

/** The rows that can be replayed; each of the others is told to `onBadRow` with its line and column. */
export async function* recordedRows(
  rows: Iterable<CsvRow> | AsyncIterable<CsvRow>,
  layout: RecordedLayout,
  onBadRow: (bad: BadRow) => void,
): AsyncGenerator<ReplayRow> {
  for await (const row of rows) {
    const read = readRow(row, layout);
    if ('reason' in read) onBadRow(read);
    else yield read;
  }
}

function readRow({ line, cells }: CsvRow, layout: RecordedLayout): ReplayRow | BadRow {
  const cell = (index: number) => cells[index] ?? '';
  const bad = (index: number, reason: string): BadRow => ({ line, column: layout.columns[index] ?? '', reason });
  if (isMissing(cell(layout.prediction))) return bad(layout.prediction, 'it has no prediction');
  const prediction = outputOf(cell(layout.prediction), layout.task);
  if (prediction === undefined) return bad(layout.prediction, `"${cell(layout.prediction)}" is not a number`);
  const label = isMissing(cell(layout.label)) ? null : outputOf(cell(layout.label), layout.task);
  if (label === undefined) return bad(layout.label, `"${cell(layout.label)}" is not a number`);
  const timestamp = layout.timestamp === undefined ? undefined : timeOf(cell(layout.timestamp));
  if (layout.timestamp !== undefined && timestamp === undefined)
    return bad(layout.timestamp, `"${cell(layout.timestamp)}" is not a time (RFC 3339 or epoch)`);
  const scoreCell = layout.score === undefined ? '' : cell(layout.score);
  const score = numberOf(scoreCell);
  if (layout.score !== undefined && score === undefined && !isMissing(scoreCell))
    return bad(layout.score, `"${scoreCell}" is not a number`);
  const features: Record<string, FeatureValue> = {};
  for (const { name, index, type } of layout.features) {
    const value = featureOf(cell(index), type);
    if (value === undefined) return bad(index, `"${cell(index)}" is not a number`);
    features[name] = value;
  }
  const id = layout.id === undefined ? '' : cell(layout.id);
  return {
    prediction,
    features,
    ...(label !== null && { label }),
    ...(timestamp !== undefined && { timestamp }),
    ...(score !== undefined && { score }),
    ...(id !== '' && { id }),
  };
}

/** A class as it stands, or the number of a regression; undefined where that is none. */
function outputOf(cell: string, task: RecordedTask): ClassValue | undefined {
  return task === 'regression' ? numberOf(cell) : cell;
}
