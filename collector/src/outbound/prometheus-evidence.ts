/**
 * Evidence from what embedded monitors count. Counters know when a label arrived, not when its prediction was made: a window here is one
 * of labels that arrived in it. What corrected labels took back is subtracted; where that is more than a tenth, nothing is said.
 */
import type { EvidenceQuery, EvidenceSource, EvidenceValue, LiveEvidence } from '../lifecycle/evidence.ts';
import { WindowJoiner, type WindowCount } from '../lifecycle/stability.ts';
import { METRICS, prometheusName } from '../telemetry/names.ts';
import { promqlString, type PrometheusClient, type Series } from './prometheus.ts';
import { evidenceValues, totalsOf, type Totals } from './prometheus-totals.ts';

/** Counters and their twins that one query sums up, with the labels that stay. */
const SUMMED = [
  ['exact', ['result']],
  ['outcomes', ['class', 'outcome']],
  ['regressionCount', ['reference']],
  ['regressionOvershoot', ['reference']],
  ['regressionUndershoot', ['reference']],
  ['regressionSquaredError', ['reference']],
  ['regressionPercentageError', ['reference']],
  ['regressionLabelAbove', ['reference']],
  ['regressionLabelBelow', ['reference']],
  ['regressionLabelSquared', ['reference']],
  ['calibrationLabeled', []],
  ['scoreSquaredError', []],
  ['scoreLogLoss', []],
] as const;

/** Steps of the range at most: Prometheus gives 11,000. */
const MAX_STEPS = 2_000;
/** A step holds a few scrapes at least, in seconds. */
const MIN_STEP = 300;
/** Of the counted labels at most so many may have been taken back, as in the recording rules. */
const MAX_REVOKED = 0.1;

/** @param client asked twice per judgement: once for the sums, once for the windows */
export function createPrometheusEvidence(client: PrometheusClient): EvidenceSource {
  return { live: (query) => live(client, query) };
}

async function live(client: PrometheusClient, query: EvidenceQuery): Promise<LiveEvidence> {
  const [end, seconds] = [query.to / 1000, Math.ceil((query.to - query.from) / 1000)];
  const selector = `{model=${promqlString(query.model)}, version=${promqlString(query.version)}}`;
  const totals = totalsOf(await client.instant(sumsQuery(selector, seconds), end));
  const metrics: Record<string, EvidenceValue> = evidenceValues(totals);
  const labeled = Math.max(metrics['accuracy']?.n ?? 0, metrics['mae']?.n ?? 0);
  if (labeled === 0) return { labeled, metrics: {}, windows: [] };
  if (revokedShare(totals) > MAX_REVOKED)
    return { labeled, metrics: each(metrics, ({ n }) => ({ value: null, n })), windows: [] };
  if (!metrics['accuracy']) return { labeled, metrics, windows: [] };
  const step = Math.max(MIN_STEP, Math.ceil(seconds / MAX_STEPS));
  const range = { start: end - seconds + step, end, step };
  return { labeled, metrics, windows: windowsOf(await client.range(outcomesQuery(selector, step), range)) };
}

/** All sums over the whole time in one answer; `of` says which counter a series comes from. */
function sumsQuery(selector: string, seconds: number): string {
  return SUMMED.flatMap(([key, labels]) =>
    [key, `${key}Revoked` as const].map((counter) => summed(counter, labels, selector, seconds)),
  ).join(' or ');
}

/** Right and wrong per step. */
function outcomesQuery(selector: string, step: number): string {
  return `${summed('exact', ['result'], selector, step)} or ${summed('exactRevoked', ['result'], selector, step)}`;
}

type CounterKey = (typeof SUMMED)[number][0];

function summed(
  counter: CounterKey | `${CounterKey}Revoked`,
  labels: readonly string[],
  selector: string,
  seconds: number,
): string {
  const name = prometheusName(METRICS[counter]);
  return `label_replace(sum by (${labels.join(', ')}) (increase(${name}${selector}[${seconds}s])), "of", "${counter}", "", "")`;
}

function windowsOf(series: readonly Series[]): WindowCount[] {
  const steps = new Map<number, { correct: number; total: number }>();
  for (const { labels, values } of series) {
    const sign = labels['of'] === 'exact' ? 1 : -1;
    for (const { time, value } of values) {
      const step = steps.get(time) ?? { correct: 0, total: 0 };
      step.total += sign * value;
      if (labels['result'] === 'correct') step.correct += sign * value;
      steps.set(time, step);
    }
  }
  const joiner = new WindowJoiner();
  for (const [, { correct, total }] of [...steps].sort(([a], [b]) => a - b)) {
    // A correction may be counted in a later step than the label it takes back.
    const whole = Math.max(0, Math.round(total));
    joiner.add({ correct: Math.min(whole, Math.max(0, Math.round(correct))), total: whole });
  }
  return joiner.windows;
}

/** Of the labels that were counted, whatever kind of model it is. */
function revokedShare(totals: Totals): number {
  const counted = totals.sum('exact') + totals.sum('regressionCount');
  return (totals.sum('exactRevoked') + totals.sum('regressionCountRevoked')) / counted;
}

function each<From, To>(record: Readonly<Record<string, From>>, change: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
