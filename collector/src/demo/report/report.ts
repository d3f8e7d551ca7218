/** The report at the end of a replay: one document for machines, the same told to people. */
import type { DistributionReport, DriftWindow, Measured, Monitor, PerformanceReport } from '../../index.ts';
import type { BadRow } from '../csv/records.ts';
import type { RecordCounts } from './record-counts.ts';
import { count, interval, percent, ratio } from './format.ts';
import { classTable, featureTable, performanceTable, windowTable } from './tables.ts';

/** A window as a monitor and a collector tell of it. */
export type ReportedWindow = Omit<DriftWindow, 'drifted_share'>;

/** What a replay found, as `--json` prints it. */
export interface ReplayReport {
  readonly model: string;
  readonly version: string;
  readonly rows: { readonly replayed: number; readonly skipped: number; readonly bad: readonly BadRow[] };
  readonly performance: PerformanceReport;
  /** Accuracy of saying the previous label again, over the same labelled rows; absent where no such baseline was kept. */
  readonly baseline?: Measured;
  readonly distribution: DistributionReport;
  readonly drift: {
    /** First 12 hexadecimal digits of the reference's digest; null without one. */
    readonly reference: string | null;
    /** Where the reference came from, in words. */
    readonly origin: string;
    /** Windows judged; `windows` holds the last 200 of them. */
    readonly total: number;
    readonly windows: readonly ReportedWindow[];
  };
  /** What the monitor counted as wrong, by reason; absent in the demo, whose `/metrics` has it. */
  readonly records?: RecordCounts;
}

/** What a report is made of. */
export interface ReportParts {
  readonly monitor: Monitor;
  readonly rows: ReplayReport['rows'];
  readonly windows: { readonly total: number; readonly recent: readonly ReportedWindow[] };
  readonly origin: string;
  readonly records?: RecordCounts;
  readonly baseline?: Measured;
}

/** Gathers the report; judges windows that still wait for their verdict. */
export async function makeReport(parts: ReportParts): Promise<ReplayReport> {
  const { monitor, windows, rows, records, baseline, origin } = parts;
  const { reference } = await monitor.drift();
  const performance = await monitor.performance();
  return {
    model: performance.model,
    version: performance.version,
    rows,
    performance,
    ...(baseline && { baseline }),
    distribution: await monitor.distribution(),
    drift: { reference, origin, total: windows.total, windows: windows.recent },
    ...(records && { records }),
  };
}

/** The report for people. */
export function reportText(report: ReplayReport): string {
  const { performance, baseline } = report;
  const sections = [
    `Performance of ${report.model} version ${report.version}: ${count(performance.labeled)} of ` +
      `${count(performance.predictions)} predictions labelled, ${count(performance.pending)} pending: ` +
      (performance.final ? 'final' : 'provisional'),
    performanceTable(performance),
    ...(baseline ? [baselineText(baseline)] : []),
    ...(performance.classes.length > 0 ? [classTable(performance)] : []),
    ...driftSections(report),
    ...recordSections(report),
  ];
  return sections.join('\n');
}

function baselineText({ value, low, high, n }: Measured): string {
  return `Baseline, saying the previous label again: ${ratio(value)} (${interval(low, high)}, n = ${count(n)})`;
}

function driftSections({ drift }: ReplayReport): string[] {
  const last = drift.windows.at(-1);
  if (drift.reference === null) return [`\nDrift: not judged, ${drift.origin}`];
  const title = `\nDrift against reference ${drift.reference} (${drift.origin})`;
  if (!last) return [title, 'No window has closed yet: too few predictions for a verdict.'];
  const shown = Math.min(drift.total, 20);
  return [
    `${title}, ${count(drift.total)} window${drift.total === 1 ? '' : 's'}${shown < drift.total ? `, the last ${shown} shown` : ''}`,
    windowTable(drift.windows),
    `\nLast window by feature (drifted: value above the threshold, and chance alone hardly reaches it)`,
    featureTable(last),
    lastingText(last),
    ...warnings(last),
  ];
}

function lastingText({ lasting }: ReportedWindow): string {
  const { verdict, drifted, windows } = lasting;
  const of = windows === 1 ? 'the only window' : `${drifted} of the last ${windows} windows`;
  return `Lasting drift (${of}${windows === 1 ? '' : ' drifted'}): ${verdict === 'drifted' ? 'yes' : 'no'}`;
}

/** What makes the numbers of a window doubtful: rows that depend on each other, and faulty values. */
function warnings({ features }: ReportedWindow): string[] {
  const dependent = features.filter(({ serial }) => serial.dependent).map(({ feature }) => feature);
  const faults = features.flatMap(({ feature, quality }) => [
    ...quality.faults
      .filter(({ worse }) => worse)
      .map(
        ({ fault, rate, reference_rate }) =>
          `${feature} ${fault} ${percent(rate)} (reference ${percent(reference_rate)})`,
      ),
    ...(quality.constant ? [`${feature} constant`] : []),
  ]);
  return [
    ...(dependent.length > 0
      ? [`Rows depend on those before them, so that p-values are too small: ${dependent.join(', ')}`]
      : []),
    ...(faults.length > 0 ? [`More faulty values than in the reference: ${faults.join(', ')}`] : []),
  ];
}

function recordSections({ rows, records }: ReplayReport): string[] {
  const counted = records ? unusual(records) : [];
  if (rows.skipped > 0) counted.unshift(['bad rows skipped', rows.skipped]);
  if (counted.length === 0) return [];
  return ['\nCounted as unusual: ' + counted.map(([name, number]) => `${name} ${count(number)}`).join(', ')];
}

function unusual({ labels, rejected, invalid_features, dropped, errors }: RecordCounts): [string, number][] {
  const all: [string, number][] = [
    ...Object.entries(labels)
      .filter(([status]) => status !== 'joined')
      .map(([status, number]): [string, number] => [`${status} labels`, number]),
    ...Object.entries(rejected),
    ...Object.entries(invalid_features).map(([name, number]): [string, number] => [`feature ${name}`, number]),
    ...Object.entries(dropped),
    ...Object.entries(errors),
  ];
  return all.filter(([, number]) => number > 0);
}
