/** Metrics from sums of counters over one stretch of time. */
import { ratio } from '../performance/class-rates.ts';
import type { EvidenceValue } from '../lifecycle/evidence.ts';
import type { Series } from './prometheus.ts';

/** Sums by the counter they come from. */
export interface Totals {
  /** All series of a counter together. */
  sum(counter: string): number;
  /** What was counted less what was taken back, by the value of a label; not below 0. */
  net(counter: string, label: string): ReadonlyMap<string, number>;
  readonly series: readonly Series[];
}

/** @param series an instant vector whose label `of` names the counter */
export function totalsOf(series: readonly Series[]): Totals {
  const valueOf = ({ values }: Series) => values[0]?.value ?? 0;
  const of = (counter: string) => series.filter(({ labels }) => labels['of'] === counter);
  return {
    series,
    sum: (counter) => of(counter).reduce((total, one) => total + valueOf(one), 0),
    net: (counter, label) => {
      const net = new Map<string, number>();
      const add = (one: Series, sign: number) => {
        const key = one.labels[label] ?? '';
        net.set(key, (net.get(key) ?? 0) + sign * valueOf(one));
      };
      for (const one of of(counter)) add(one, 1);
      for (const one of of(`${counter}Revoked`)) add(one, -1);
      return new Map(Array.from(net, ([key, value]) => [key, Math.max(0, value)]));
    },
  };
}

/** Every metric there are counters for, by its name in the HTTP API; the numbers of rows are rounded, since `increase()` extrapolates. */
export function evidenceValues(totals: Totals): Record<string, EvidenceValue> {
  return { ...ofClasses(totals), ...ofRegression(totals), ...ofScores(totals) };
}

function ofClasses(totals: Totals): Record<string, EvidenceValue> {
  const results = totals.net('exact', 'result');
  const [right, wrong] = [results.get('correct') ?? 0, results.get('incorrect') ?? 0];
  const n = Math.round(right + wrong);
  if (n === 0) return {};
  const [tp, fp, fn] = ['tp', 'fp', 'fn'].map((outcome) => byClass(totals, outcome)) as [Sums, Sums, Sums];
  const classes = [...new Set([...tp.keys(), ...fp.keys(), ...fn.keys()])].map((name) => ({
    tp: tp.get(name) ?? 0,
    fp: fp.get(name) ?? 0,
    fn: fn.get(name) ?? 0,
  }));
  const support = classes.reduce((sum, one) => sum + one.tp + one.fn, 0);
  const weighted = (rate: (one: (typeof classes)[number]) => number): EvidenceValue => ({
    value: support > 0 ? classes.reduce((sum, one) => sum + rate(one) * (one.tp + one.fn), 0) / support : null,
    n,
  });
  return {
    accuracy: { value: right / (right + wrong), n },
    precision_weighted: weighted((one) => ratio(one.tp, one.tp + one.fp)),
    recall_weighted: weighted((one) => ratio(one.tp, one.tp + one.fn)),
    f1_weighted: weighted((one) => ratio(2 * one.tp, 2 * one.tp + one.fp + one.fn)),
  };
}

type Sums = ReadonlyMap<string, number>;

function byClass({ series }: Totals, outcome: string): Sums {
  const own = series.filter(({ labels }) => labels['outcome'] === outcome);
  return totalsOf(own).net('outcomes', 'class');
}

/** R² only where all labels were summed about one reference's mean. */
function ofRegression(totals: Totals): Record<string, EvidenceValue> {
  const net = (name: string) => sumOf(totals.net(`regression${name}`, 'reference'));
  const rows = net('Count');
  const n = Math.round(rows);
  if (n === 0) return {};
  const [over, under, squared] = [net('Overshoot'), net('Undershoot'), net('SquaredError')];
  const spread = net('LabelSquared') - (net('LabelAbove') - net('LabelBelow')) ** 2 / rows;
  const references = [...totals.net('regressionCount', 'reference').values()].filter((count) => count > 0);
  const determined = references.length === 1 && spread > 0;
  return {
    mae: { value: (over + under) / rows, n },
    bias: { value: (over - under) / rows, n },
    mse: { value: squared / rows, n },
    rmse: { value: Math.sqrt(squared / rows), n },
    mape: { value: net('PercentageError') / rows, n },
    ...(determined && { r2: { value: 1 - squared / spread, n } }),
  };
}

function ofScores(totals: Totals): Record<string, EvidenceValue> {
  const net = (name: string) => sumOf(totals.net(name, ''));
  const rows = net('calibrationLabeled');
  const n = Math.round(rows);
  if (n === 0) return {};
  return {
    brier: { value: net('scoreSquaredError') / rows, n },
    log_loss: { value: net('scoreLogLoss') / rows, n },
  };
}

function sumOf(net: Sums): number {
  return [...net.values()].reduce((sum, value) => sum + value, 0);
}
