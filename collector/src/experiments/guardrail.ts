/** Guardrails: what an arm must not do, judged by an always-valid bound, so that it may be asked at any time and as often as one likes. */
import { refused } from '../distribution/arguments.ts';
import {
  durationSketch,
  matchedGroups,
  plainGroups,
  type ComparisonSums,
  type PairSums,
  type VersionSums,
} from './arm-sums.ts';
import { ASYMPTOTIC_KEYS, asymptoticReach } from './asymptotic-reach.ts';
import { exactDifference, metricDifference } from './differences.ts';
import { weightedF1 } from './key-cells.ts';
import { latencyBounds } from './latency-steps.ts';
import { meanEnds, NO_ENDS, type Ends } from './mean-sequence.ts';
import { weightedMean } from './moments.ts';

/** What can be guarded. */
export const GUARDED_METRICS = [
  'accuracy',
  'f1_weighted',
  'mae',
  'error_rate',
  'latency_p50',
  'latency_p95',
  'latency_p99',
] as const;
/** One of them. Of accuracy and F1 less is worse, of the others more. */
export type GuardedMetric = (typeof GUARDED_METRICS)[number];

/** A bound an arm must keep: `limit` or `margin`, not both. */
export interface Guardrail {
  readonly metric: GuardedMetric;
  /** The worst value it may have: 0.7 of accuracy, 0.2 (seconds) of latency. */
  readonly limit?: number;
  /**
   * How much worse than the control it may be: 0.02 of accuracy, F1, error rate or MAE (in its own unit); of a latency the factor, 1.25
   * for a quarter more.
   */
  readonly margin?: number;
  /** How often, at most, an arm that keeps the bound is ever found to break it; default 0.01. */
  readonly alpha?: number;
}

/** What a guardrail found. */
export interface GuardrailReading {
  readonly version: string;
  readonly metric: GuardedMetric;
  /** True once the bound lies beyond what the confidence sequence allows for. */
  readonly breached: boolean;
  /** What was judged: the arm's value (`limit`), its difference from the control (`margin`), of a latency its ratio. */
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** What it may be at worst. */
  readonly bound: number;
  readonly asymptotic: boolean;
  /** In a sentence. */
  readonly reason: string;
}

/** A value with one-sided ends. */
interface Sequence extends Ends {
  readonly value: number | null;
  readonly asymptotic: boolean;
}

/**
 * Judges a guardrail. Latency and error rate know a key once its window is over; the others once its labels are. Cost: a few
 * milliseconds. @throws PlumblineError `invalid_request` naming the field that is wrong
 */
export function judgeGuardrail(sums: ComparisonSums, version: string, guardrail: Guardrail): GuardrailReading {
  checkGuardrail(sums, version, guardrail);
  const { metric, limit, margin = 0, alpha = 0.01 } = guardrail;
  const lessIsWorse = metric === 'accuracy' || metric === 'f1_weighted';
  const bound = limit ?? (lessIsWorse ? -margin : margin);
  const sequence =
    limit === undefined ? againstControl(sums, version, metric, alpha) : byItself(sums, version, metric, alpha);
  const { low, high } = sequence;
  const breached = lessIsWorse ? high !== null && high < bound : low !== null && low > bound;
  const what = `${metric} of ${version}${limit === undefined ? (isLatency(metric) ? ' / control' : ' − control') : ''}`;
  const end = lessIsWorse ? `at most ${told(high)}` : `at least ${told(low)}`;
  const reason = `${what} is ${told(sequence.value)}, surely ${end}; the bound is ${told(bound)}`;
  return { version, metric, breached, ...sequence, bound, reason };
}

function byItself(sums: ComparisonSums, version: string, metric: GuardedMetric, alpha: number): Sequence {
  const own = sums.versions.get(version) as VersionSums;
  if (metric === 'accuracy' || metric === 'error_rate') {
    const mean = metric === 'accuracy' ? own.outcome : own.failed;
    return { value: mean.keys > 0 ? mean.total / mean.keys : null, ...meanEnds(mean, alpha), asymptotic: false };
  }
  if (isLatency(metric)) {
    const p = quantileOf(metric);
    const bounds = latencyBounds(
      plainGroups(sums, version, ({ latency }) => latency),
      p,
      alpha,
    );
    return { value: durationSketch.read(own.durations).quantile(p), ...bounds, asymptotic: false };
  }
  const mean =
    metric === 'mae'
      ? weightedMean(plainGroups(sums, version, ({ outcome }) => outcome))
      : weightedF1(
          plainGroups(sums, version, ({ cells }) => cells),
          sums.classes,
        );
  if (mean === undefined || mean.n < ASYMPTOTIC_KEYS)
    return { value: mean?.value ?? null, ...NO_ENDS, asymptotic: true };
  const reach = asymptoticReach(mean.variance, mean.n, 2 * alpha);
  return { value: mean.value, low: mean.value - reach, high: mean.value + reach, asymptotic: true };
}

function againstControl(sums: ComparisonSums, version: string, metric: GuardedMetric, alpha: number): Sequence {
  if (metric === 'error_rate') return exactDifference((sums.pairs.get(version) as PairSums).failed, 2 * alpha);
  if (!isLatency(metric)) return metricDifference(sums, version, metric, 2 * alpha);
  const p = quantileOf(metric);
  const bounds = (side: 'arm' | 'control'): Ends =>
    latencyBounds(
      matchedGroups(sums, version, side, ({ latency }) => latency),
      p,
      alpha / 2,
    );
  const quantile = (name: string): number | null =>
    durationSketch.read((sums.versions.get(name) as VersionSums).durations).quantile(p);
  const [own, control] = [bounds('arm'), bounds('control')];
  return {
    value: ratioOf(quantile(version), quantile(sums.control)),
    low: ratioOf(own.low, control.high),
    high: ratioOf(own.high, control.low),
    asymptotic: false,
  };
}

function isLatency(metric: GuardedMetric): metric is `latency_p${50 | 95 | 99}` {
  return metric.startsWith('latency_');
}

function quantileOf(metric: `latency_p${50 | 95 | 99}`): number {
  return Number(metric.slice('latency_p'.length)) / 100;
}

function ratioOf(own: number | null, control: number | null): number | null {
  return own === null || control === null || control === 0 ? null : own / control;
}

function told(value: number | null): string {
  return value === null ? 'not known yet' : Number(value.toPrecision(3)).toString();
}

/** @throws PlumblineError `invalid_request` */
function checkGuardrail(sums: ComparisonSums, version: string, guardrail: Guardrail): void {
  const { metric, limit, margin, alpha = 0.01 } = guardrail;
  if (!GUARDED_METRICS.includes(metric))
    throw refused('guardrail.metric', `one of ${GUARDED_METRICS.join(', ')}`, `There is no ${String(metric)}.`);
  const labels = metric === 'mae' ? 'regression' : 'classification';
  if (!isLatency(metric) && metric !== 'error_rate' && sums.task !== labels)
    throw refused('guardrail.metric', `a metric of ${sums.task}`, `A ${sums.task} has no ${metric}.`);
  if ((limit === undefined) === (margin === undefined))
    throw refused('guardrail', 'either limit or margin', 'Give the worst value, or how much worse than the control.');
  const given = limit ?? margin;
  const least = isLatency(metric) && margin !== undefined ? 1 : 0;
  if (!(typeof given === 'number' && given >= least && given < Number.POSITIVE_INFINITY))
    throw refused(
      `guardrail.${limit === undefined ? 'margin' : 'limit'}`,
      `a number from ${least}`,
      'A margin of a latency is a factor, 1.25 for a quarter more; the others are differences.',
    );
  if (!(alpha > 0 && alpha < 0.5))
    throw refused('guardrail.alpha', 'a number between 0 and 0.5', 'Leave it out for 0.01.');
  const known = limit === undefined ? sums.arms : [sums.control, ...sums.arms];
  if (!known.includes(version))
    throw refused('version', `one of ${known.join(', ')}`, 'A margin is judged of an arm, against the control.');
}
