/** `plumbline profile`: a reference profile made of a file's rows. */
import { errorText, PlumblineError } from '../errors.ts';
import {
  profileReference,
  writeReferenceFile,
  type FeatureRow,
  type FeatureValue,
  type ReferenceProfile,
} from '../index.ts';
import { BadRowLog } from './bad-rows.ts';
import { featureOf } from './csv/cells.ts';
import { columnType } from './csv/column-types.ts';
import { columnIndex, openTable, type CsvRow, type CsvTable } from './csv/table.ts';
import { isMissing, numberOf } from './csv/cells.ts';
import { outputsOf, type RecordedOutput } from './recorded-outputs.ts';
import type { FeatureColumn, RecordedTask } from './recorded-rows.ts';

/** Which file to profile, and how. */
export interface ProfileFileOptions {
  readonly file: string;
  readonly out: string;
  /** Default: every column without another meaning. */
  readonly features?: readonly string[];
  /** Columns to take as categories although they hold numbers. */
  readonly categorical: readonly string[];
  readonly task: RecordedTask;
  /** Columns of what the model gave and of what came true. */
  readonly prediction?: string;
  readonly label?: string;
  readonly score?: string;
}

type OutputName = 'prediction' | 'label' | 'score';
type OutputColumns = readonly { readonly name: OutputName; readonly column: string; readonly index: number }[];
/** A row that can be profiled. */
interface ProfileRow {
  readonly features: FeatureRow;
  readonly output: RecordedOutput;
}

/** What profiling a file needs of the world around it. */
export interface ProfileFileEnvironment {
  /** Takes one line about a bad row. */
  readonly warn: (line: string) => void;
  /** RFC 3339. */
  readonly createdAt: string;
  readonly signal: AbortSignal;
}

/** The profile, and how many rows were left out. */
export interface ProfileResult {
  readonly reference: ReferenceProfile;
  readonly skipped: number;
}

/** Whether a column holds numbers is judged on so many rows. */
const SAMPLE_ROWS = 5_000;

/**
 * Profiles a file and writes the reference; nothing is written when the signal is aborted before the end.
 * @returns undefined when it was aborted
 * @throws PlumblineError `invalid_input_file`, or `invalid_configuration` when the output cannot be written
 */
export async function profileFile(
  options: ProfileFileOptions,
  { warn, createdAt, signal }: ProfileFileEnvironment,
): Promise<ProfileResult | undefined> {
  const bad = new BadRowLog(options.file, warn);
  const table = await openTable(options.file, bad.add);
  const raw: CsvRow[] = [];
  for await (const row of table.rows) {
    if (signal.aborted) return undefined;
    raw.push(row);
  }
  const columns = featureColumns(options, table, raw.slice(0, SAMPLE_ROWS));
  const outputs = outputColumns(options, table);
  const rows = raw
    .map((row) => readRow(row, { columns, outputs, task: options.task }, bad))
    .filter((row) => row !== undefined);
  bad.finish();
  if (rows.length === 0) throw unusable(options.file, 'it has no usable row');
  const reference = makeProfile(options, rows, columns, createdAt);
  write(options.out, reference);
  return { reference, skipped: bad.count };
}

function featureColumns(options: ProfileFileOptions, table: CsvTable, sample: readonly CsvRow[]): FeatureColumn[] {
  const taken = [options.prediction, options.label, options.score];
  const names = options.features ?? table.columns.filter((name) => !taken.includes(name));
  const stray = options.categorical.find((name) => !names.includes(name));
  if (stray !== undefined) {
    const help = `The features are: ${names.join(', ')}.`;
    throw new PlumblineError('usage', `--categorical: "${stray}" is not among the features.`, help);
  }
  return names.map((name) => {
    const index = columnIndex(options.file, table, name, '--features');
    return { name, index, type: options.categorical.includes(name) ? 'categorical' : columnType(sample, index) };
  });
}

function outputColumns(options: ProfileFileOptions, table: CsvTable): OutputColumns {
  return (['prediction', 'label', 'score'] as const).flatMap((name) => {
    const column = options[name];
    return column === undefined ? [] : [{ name, column, index: columnIndex(options.file, table, column, `--${name}`) }];
  });
}

interface ProfileLayout {
  readonly columns: readonly FeatureColumn[];
  readonly outputs: OutputColumns;
  readonly task: RecordedTask;
}

function readRow(row: CsvRow, { columns, outputs, task }: ProfileLayout, bad: BadRowLog): ProfileRow | undefined {
  const features = readFeatures(row, columns, bad);
  if (!features) return undefined;
  const output: Record<string, unknown> = {};
  for (const { name, column, index } of outputs) {
    const cell = row.cells[index] ?? '';
    const wanted = name === 'score' || task === 'regression';
    const value = isMissing(cell) ? undefined : wanted ? numberOf(cell) : cell;
    if (value === undefined && !isMissing(cell)) {
      bad.add({ line: row.line, column, reason: `"${cell}" is not a number` });
      return undefined;
    }
    if (value !== undefined) output[name] = value;
  }
  return { features, output };
}

function readFeatures(
  { line, cells }: CsvRow,
  columns: readonly FeatureColumn[],
  bad: BadRowLog,
): FeatureRow | undefined {
  const features: Record<string, FeatureValue> = {};
  for (const { name, index, type } of columns) {
    const cell = cells[index] ?? '';
    const value = featureOf(cell, type);
    if (value === undefined) {
      bad.add({ line, column: name, reason: `"${cell}" is not a number` });
      return undefined;
    }
    features[name] = value;
  }
  return features;
}

function makeProfile(
  { file, task }: ProfileFileOptions,
  rows: readonly ProfileRow[],
  columns: readonly FeatureColumn[],
  createdAt: string,
): ReferenceProfile {
  const empty = columns.find(({ name }) => rows.every(({ features }) => features[name] === null));
  if (empty) throw unusable(file, `column "${empty.name}" has no value in any row`);
  const categorical = columns.filter(({ type }) => type === 'categorical').map(({ name }) => name);
  const output = outputsOf(
    rows.map((row) => row.output),
    task,
  );
  return profileReference(
    rows.map(({ features }) => features),
    { features: columns.map(({ name }) => name), categorical, ...output, createdAt },
  );
}

function write(out: string, reference: ReferenceProfile): void {
  try {
    writeReferenceFile(out, reference);
  } catch (cause) {
    const help = 'Check that its folder is there and may be written to.';
    throw new PlumblineError('invalid_configuration', `--out: ${out} cannot be written (${errorText(cause)}).`, help, {
      cause,
    });
  }
}

function unusable(file: string, reason: string): PlumblineError {
  const help = 'Name the columns to profile with --features.';
  return new PlumblineError('invalid_input_file', `${file} cannot be profiled: ${reason}.`, help);
}
