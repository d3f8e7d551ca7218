/** What a running demo shows, as text. */
import type { DriftWindow, Measured, PerformanceReport } from '../../index.ts';
import { count, duration, interval, ratio } from '../report/format.ts';
import { driftedNames, table } from '../report/tables.ts';

/** How the demo stands. */
export interface DemoStatus {
  /** Rows replayed so far. */
  readonly done: number;
  /** Rows there are; undefined when the stream repeats for ever. */
  readonly total: number | undefined;
  /** Seconds since the first row. */
  readonly elapsed: number;
  readonly performance: PerformanceReport;
  readonly baseline: Measured;
  /** The last window judged. */
  readonly window: DriftWindow | undefined;
}

const BAR_WIDTH = 40;

/** The progress bar and the live table. */
export function liveText(status: DemoStatus): string {
  const { metrics, pending } = status.performance;
  const { accuracy, f1_weighted: f1 } = metrics;
  const rows = [
    ['accuracy', ratio(accuracy.value), interval(accuracy.low, accuracy.high)],
    ['baseline accuracy', ratio(status.baseline.value), 'saying the previous label again'],
    ['F1 (weighted)', ratio(f1.value), ''],
    ['n', count(accuracy.n), 'labelled predictions'],
    ['labels pending', count(pending), 'arrive a day (48 rows) late'],
    ['drifted features', driftCount(status.window), driftText(status.window)],
  ];
  return `${progressText(status)}\n${table(['live', 'value', ''], rows)}`;
}

/** The same in one line, for a log. */
export function lineText(status: DemoStatus): string {
  const { metrics, pending } = status.performance;
  const total = status.total === undefined ? '' : ` of ${count(status.total)}`;
  return [
    `rows ${count(status.done)}${total}`,
    `accuracy ${ratio(metrics.accuracy.value)}`,
    `baseline ${ratio(status.baseline.value)}`,
    `F1 ${ratio(metrics.f1_weighted.value)}`,
    `n ${count(metrics.accuracy.n)}`,
    `pending ${count(pending)}`,
    `drifted ${driftCount(status.window)} ${driftText(status.window)}`,
  ].join('  ');
}

function progressText({ done, total, elapsed }: DemoStatus): string {
  const speed = elapsed > 0 ? done / elapsed : 0;
  const rate = `${count(Math.round(speed))} rows/s`;
  if (total === undefined) return `${count(done)} rows, ${rate}, over and over`;
  const filled = Math.round((done / total) * BAR_WIDTH);
  const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
  const left = speed > 0 ? `, ${duration((total - done) / speed)} left` : '';
  return `${bar} ${Math.floor((done / total) * 100)} %  ${count(done)} of ${count(total)} rows, ${rate}${left}`;
}

function driftCount(window: DriftWindow | undefined): string {
  return window ? String(driftedNames(window).length) : '–';
}

function driftText(window: DriftWindow | undefined): string {
  if (!window) return 'the first window is still open';
  const names = driftedNames(window).join(', ') || 'none';
  return `${names} (predictions ${count(window.start)} to ${count(window.end - 1)})`;
}
