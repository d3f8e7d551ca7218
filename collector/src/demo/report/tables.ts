/** The tables of a report, without colours: they go to files and terminals alike. */
import Table from 'cli-table3';
import type { DriftWindow, FeatureVerdict, Measured, PerformanceReport } from '../../index.ts';
import { amount, count, interval, pValue, ratio } from './format.ts';

/** More windows than this are summed up in one line. */
const SHOWN_WINDOWS = 20;
const METRICS = {
  classification: [
    ...(['accuracy', 'precision_weighted', 'recall_weighted', 'f1_weighted', 'f1_macro'] as const),
    ...(['roc_auc', 'average_precision', 'brier', 'log_loss', 'ece'] as const),
  ],
  regression: ['mae', 'rmse', 'mape', 'r2', 'bias'],
} as const;
const ESTIMATES = ['accuracy', 'f1', 'roc_auc', 'mae', 'rmse'] as const;

/** A table of cells. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  // Compact: no lines between the rows, so that twice as many windows fit on a screen.
  const made = new Table({ head: [...head], style: { head: [], border: [], compact: true } });
  made.push(...rows.map((row) => [...row]));
  return made.toString();
}

/** The main metrics, each with n and its 95 % interval where it has one; those of scores where there were any; estimates below. */
export function performanceTable({ task, metrics, estimated }: PerformanceReport): string {
  const show = task === 'regression' ? amount : ratio;
  const row = (name: string, measured: Measured | undefined): string[][] =>
    measured ? [[name, show(measured.value), interval(measured.low, measured.high, show), count(measured.n)]] : [];
  const rows = [
    ...METRICS[task === 'regression' ? task : 'classification'].flatMap((name) => row(name, metrics[name])),
    ...ESTIMATES.flatMap((name) => row(`${name}, estimated`, estimated?.[name])),
  ];
  return table(['metric', 'value', '95 % interval', 'n'], rows);
}

/** Precision, recall and F1 of each class. */
export function classTable({ classes }: PerformanceReport): string {
  const rows = classes.map((item) => [
    item.class,
    ratio(item.precision),
    ratio(item.recall),
    ratio(item.f1),
    count(item.support),
  ]);
  return table(['class', 'precision', 'recall', 'F1', 'n'], rows);
}

/** One line per window: its rows and what drifted. */
export function windowTable(
  windows: readonly Pick<DriftWindow, 'index' | 'start' | 'end' | 'verdict' | 'features'>[],
): string {
  const rows = windows
    .slice(-SHOWN_WINDOWS)
    .map((window) => [
      String(window.index + 1),
      `${count(window.start)} to ${count(window.end - 1)}`,
      window.verdict.replace('_', ' '),
      driftedNames(window).join(', ') || '–',
    ]);
  return table(['window', 'predictions', 'verdict', 'drifted features'], rows);
}

/** One line per feature of a window, by its deciding test. */
export function featureTable({ features }: Pick<DriftWindow, 'features'>): string {
  const rows = features.map(({ feature, verdict, tests }) => {
    const test = tests[0];
    return [
      feature,
      test?.statistic.toUpperCase() ?? '–',
      ratio(test?.value),
      ratio(test?.threshold),
      pValue(test?.p_adjusted),
      count(test?.n ?? 0),
      count(test?.m ?? 0),
      verdict.replace('_', ' '),
    ];
  });
  return table(['feature', 'test', 'value', 'threshold', 'adjusted p', 'n', 'reference n', 'verdict'], rows);
}

/** Names of the features that drifted in a window. */
export function driftedNames(window: { readonly features: readonly FeatureVerdict[] } | undefined): string[] {
  return (window?.features ?? []).filter(({ verdict }) => verdict === 'drifted').map(({ feature }) => feature);
}
