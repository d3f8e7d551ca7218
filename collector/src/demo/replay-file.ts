/** `plumbline replay`: recorded history through an embedded monitor, and the report it ends in. */
import {
  createMonitor,
  MonitorMetricProducer,
  profileReference,
  readReferenceFile,
  type ReferenceProfile,
} from '../index.ts';
import { BadRowLog } from './bad-rows.ts';
import type { BadRow } from './csv/records.ts';
import { openTable, type CsvRow } from './csv/table.ts';
import { Pacer } from './pacer.ts';
import {
  recordedLayout,
  recordedRows,
  type RecordedColumns,
  type RecordedLayout,
  type RecordedTask,
} from './recorded-rows.ts';
import { outputsOf } from './recorded-outputs.ts';
import { replayRows, type ReplayRow } from './replay-rows.ts';
import { readRecordCounts } from './report/record-counts.ts';
import { count } from './report/format.ts';
import { makeReport, type ReplayReport } from './report/report.ts';
import { WindowLog } from './window-log.ts';

/** Without a reference file the first so many rows become the reference, as DESIGN says of every model without one. */
export const SELF_REFERENCE_ROWS = 5_000;

/** Which file to replay, as what. */
export interface ReplayFileOptions {
  readonly file: string;
  readonly model: string;
  readonly version: string;
  readonly task: RecordedTask;
  readonly columns: RecordedColumns;
  /** The class whose probability the score is. */
  readonly positive?: string;
  /** Rows between a prediction and its label. */
  readonly labelDelay: number;
  /** Path of a reference profile. */
  readonly reference?: string;
  /** Rows per second; `Infinity` for as fast as possible. */
  readonly speed: number;
  /** Predictions per drift window. */
  readonly window: number;
}

/** What replaying a file needs of the world around it. */
export interface ReplayFileEnvironment {
  /** Takes one line about a bad row. */
  readonly warn: (line: string) => void;
  /** Called now and then with the rows replayed so far. */
  readonly onProgress: (rows: number) => void;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly signal: AbortSignal;
}

const PROGRESS_EVERY = 1_000;

/**
 * Replays a file. When the signal is aborted it stops early and reports what there is.
 * @throws PlumblineError `invalid_input_file`, `invalid_reference`, `usage` or `invalid_configuration`, each naming the field
 */
export async function replayFile(
  options: ReplayFileOptions,
  environment: ReplayFileEnvironment,
): Promise<ReplayReport> {
  const bad = new BadRowLog(options.file, environment.warn);
  const opened = await openRecorded(options, bad.add);
  const windows = new WindowLog();
  const producer = new MonitorMetricProducer();
  const monitor = createMonitor({
    model: options.model,
    version: options.version,
    task: options.task,
    ...(options.positive !== undefined && { positiveClass: options.positive }),
    ...(opened.reference && { reference: opened.reference }),
    window: options.window,
    zeroHoldSeconds: 0,
    producer,
    onWindow: windows.add,
  });
  let replayed = 0;
  await replayRows(opened.rows, {
    monitor,
    pacer: new Pacer(options.speed, environment.signal, environment.now),
    labelDelay: options.labelDelay,
    onPredicted: () => {
      if (++replayed % PROGRESS_EVERY === 0) environment.onProgress(replayed);
    },
  });
  bad.finish();
  const records = await readRecordCounts(producer);
  const rows = { replayed, skipped: bad.count, bad: bad.first };
  const report = await makeReport({ monitor, rows, windows, origin: opened.origin, records });
  await monitor.close();
  return report;
}

async function openRecorded(options: ReplayFileOptions, onBadRow: (bad: BadRow) => void) {
  const given = options.reference === undefined ? undefined : readReferenceFile(options.reference);
  const table = await openTable(options.file, onBadRow);
  const rows = table.rows[Symbol.asyncIterator]();
  const sample = await take(rows, SELF_REFERENCE_ROWS);
  const layout = recordedLayout(options.file, table, options.columns, { task: options.task, sample, reference: given });
  const all = recordedRows(chain(sample, rows), layout, onBadRow);
  if (given) return { rows: all, reference: given, origin: `from ${options.reference}` };
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
