/** `plumbline replay --collector`: recorded history through a monitor in remote mode, and the report of the service. */
import { createMonitor, MonitorMetricProducer, type CollectorOptions, type Monitor } from '../index.ts';
import { BackPressure } from './back-pressure.ts';
import { BadRowLog } from './bad-rows.ts';
import { declareTask } from './declared-task.ts';
import { Pacer } from './pacer.ts';
import { openRecorded } from './recorded-file.ts';
import { PROGRESS_EVERY, type ReplayFileEnvironment, type ReplayFileOptions } from './replay-file.ts';
import { replayRows } from './replay-rows.ts';
import { readRecordCounts } from './report/record-counts.ts';
import { makeReport, type ReplayReport, type ReportedWindow } from './report/report.ts';

/** The same as for a monitor in this process, less the windows, which the service cuts. */
export type ReplayRemoteOptions = Omit<ReplayFileOptions, 'window'> & {
  readonly collector: Pick<CollectorOptions, 'url'> & { readonly token?: string };
};

/**
 * Sends a file to a collector, never faster than that takes it, and asks it for the report. When the signal is aborted it stops early.
 * @throws PlumblineError as `replayFile`; as `declareTask`; `unavailable` for a collector that never answered, or why it refuses
 */
export async function replayToCollector(
  options: ReplayRemoteOptions,
  { warn, onProgress, now, signal }: ReplayFileEnvironment,
): Promise<ReplayReport> {
  const bad = new BadRowLog(options.file, warn);
  const opened = await openRecorded(options, bad.add, false);
  const producer = new MonitorMetricProducer();
  const { model, version, task, positive, collector } = options;
  await declareTask({ model, task, collector, signal });
  const monitor = createMonitor({
    ...{ model, version, task, producer, zeroHoldSeconds: 0 },
    ...(positive !== undefined && { positiveClass: positive }),
    collector: { ...collector, onError: ({ message }) => warn(`plumbline: ${message.replace(/\.?$/, '.')}`) },
  });
  const pressure = new BackPressure(monitor, signal);
  let replayed = 0;
  try {
    await replayRows(opened.rows, {
      monitor,
      pacer: new Pacer(options.speed, signal, now),
      room: pressure.room,
      labelDelay: options.labelDelay,
      onPredicted: () => {
        if (++replayed % PROGRESS_EVERY === 0) onProgress(replayed);
      },
    });
    bad.finish();
    await pressure.settled();
    const windows = await lastWindow(monitor);
    const records = await readRecordCounts(producer);
    const rows = { replayed, skipped: bad.count, bad: bad.first };
    return await makeReport({ monitor, rows, windows, records, origin: opened.origin });
  } finally {
    await monitor.close();
  }
}

/** The last window the service has judged; it keeps the others. */
async function lastWindow(monitor: Monitor): Promise<{ total: number; recent: ReportedWindow[] }> {
  const { window, verdict, features, previous, lasting } = await monitor.drift();
  if (!window) return { total: 0, recent: [] };
  return { total: window.index + 1, recent: [{ ...window, verdict, features, previous, lasting }] };
}
