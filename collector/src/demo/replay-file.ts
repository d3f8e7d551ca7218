/** `plumbline replay`: recorded history through an embedded monitor, and the report it ends in. */
import { createMonitor, MonitorMetricProducer } from '../index.ts';
import { BadRowLog } from './bad-rows.ts';
import { Pacer } from './pacer.ts';
import { openRecorded, type RecordedFileOptions } from './recorded-file.ts';
import { replayRows } from './replay-rows.ts';
import { readRecordCounts } from './report/record-counts.ts';
import { makeReport, type ReplayReport } from './report/report.ts';
import { WindowLog } from './window-log.ts';

/** Which file to replay, as what. */
export interface ReplayFileOptions extends RecordedFileOptions {
  readonly model: string;
  readonly version: string;
  /** The class whose probability the score is. */
  readonly positive?: string;
  /** Rows between a prediction and its label. */
  readonly labelDelay: number;
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

/** Rows between two calls of `onProgress`. */
export const PROGRESS_EVERY = 1_000;

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
