/** Judges versions by what they answered to the same labelled rows, with the measures live traffic is judged by. */
import { quantileSorted } from 'simple-statistics';
import { pairedDifference, pairedErrorDifference } from '../../experiments/paired.ts';
import { valueField } from '../../labels/row-fields.ts';
import { resolveOptions } from '../../monitor/options.ts';
import { Replay } from '../../monitor/replay.ts';
import type { PredictedValue } from '../../prediction.ts';
import type { VersionAnswer } from '../trainer.ts';
import type {
  AnsweredVersion,
  DifferenceFromFirst,
  EvaluatedModel,
  EvaluatedVersion,
  Evaluation,
  LabelledRow,
  Latency,
} from './evaluation.ts';

/** What a window holds at least and at most; rows up to it are kept one by one, so that areas under curves are exact. */
const [LEAST_WINDOW, LARGEST_WINDOW] = [10, 1_000_000];

/**
 * Metrics of each version with intervals, and how each differs from the first, row by row. Deterministic.
 * @param rows at least one, each id once, labels as the task has them
 * @param versions complete answers to all rows; the first is the one the others are compared with
 * @throws RangeError where an answer is missing: whoever runs versions checks that
 */
export function evaluateVersions(
  model: EvaluatedModel,
  rows: readonly LabelledRow[],
  versions: readonly AnsweredVersion[],
): Evaluation {
  const [first] = versions;
  return {
    rows: rows.length,
    versions: versions.map((version) => ({
      ...judge(model, rows, version),
      difference: first === undefined || version === first ? null : differenceOf(model, rows, version, first),
    })),
  };
}

function judge(
  { model, task, classes, positiveClass }: EvaluatedModel,
  rows: readonly LabelledRow[],
  { version, answers }: AnsweredVersion,
): Omit<EvaluatedVersion, 'difference'> {
  const config = resolveOptions({
    ...{ model, version, task, capacity: 1 },
    window: Math.min(LARGEST_WINDOW, Math.max(LEAST_WINDOW, rows.length)),
    ...(classes && { classes }),
    ...(positiveClass !== undefined && { positiveClass }),
  });
  const replay = new Replay(config, false);
  const durations: number[] = [];
  for (const { id, label } of rows) {
    const answer = answerTo(id, answers, version);
    if (answer.durationSeconds !== undefined) durations.push(answer.durationSeconds);
    replay.add({ ...answer, label, time: 0, arrived: 0 });
  }
  const { metrics, classes: perClass } = replay.performance();
  return { version, metrics, classes: perClass, latency: latencyOf(durations) };
}

function differenceOf(
  { task }: EvaluatedModel,
  rows: readonly LabelledRow[],
  version: AnsweredVersion,
  first: AnsweredVersion,
): DifferenceFromFirst {
  const from = first.version;
  if (task === 'regression') {
    const errors = (answered: AnsweredVersion) =>
      rows.map(({ id, label }) => Math.abs(Number(predictionOf(id, answered)) - Number(label)));
    const { difference, pValue } = pairedErrorDifference(errors(version), errors(first));
    return { from, metric: 'mae', difference, pValue, onlyThis: null, onlyFirst: null };
  }
  // As text, so that a class is the same however it was written, and several labels are a set.
  const text = (value: PredictedValue) => valueField(value, task, 'prediction');
  const hits = (answered: AnsweredVersion) =>
    rows.map(({ id, label }) => text(predictionOf(id, answered)) === text(label));
  const { difference, pValue, onlyA, onlyB } = pairedDifference(hits(version), hits(first));
  return { from, metric: 'accuracy', difference, pValue, onlyThis: onlyA, onlyFirst: onlyB };
}

function predictionOf(id: string, { version, answers }: AnsweredVersion): PredictedValue {
  return answerTo(id, answers, version).prediction;
}

function answerTo(id: string, answers: AnsweredVersion['answers'], version: string): VersionAnswer {
  const answer = answers.get(id);
  if (!answer) throw new RangeError(`version ${version} did not answer row ${id}`);
  return answer;
}

function latencyOf(durations: number[]): Latency {
  const sorted = durations.sort((a, b) => a - b);
  const quantile = (q: number) => (sorted.length === 0 ? null : quantileSorted(sorted, q));
  return { n: sorted.length, p50: quantile(0.5), p95: quantile(0.95) };
}
