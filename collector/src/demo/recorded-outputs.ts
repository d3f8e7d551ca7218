/** What recorded rows say a model gave, as a reference profile takes it. */
import type { ProfileOptions } from '../index.ts';
import type { RecordedTask } from './recorded-rows.ts';

/** The part of a row that is not its features. */
export interface RecordedOutput {
  readonly prediction?: unknown;
  readonly label?: unknown;
  readonly score?: number;
}

/** Each kind only where there is any: classes of a classifier; values of a regression, and its labels, which R² is counted about. */
export function outputsOf(
  rows: readonly RecordedOutput[],
  task: RecordedTask,
): Pick<ProfileOptions, 'predictions' | 'scores' | 'values' | 'labels'> {
  const scores = rows.map(({ score }) => score ?? Number.NaN);
  const predictions = rows.map(({ prediction }) => prediction).filter((given) => given !== undefined);
  const withScores = scores.some(Number.isFinite) && { scores };
  if (task === 'classification')
    return { ...(predictions.length > 0 && { predictions: predictions.map(String) }), ...withScores };
  const [values, labels] = [rows.map(({ prediction }) => numeric(prediction)), rows.map(({ label }) => numeric(label))];
  return {
    ...(values.some(Number.isFinite) && { values }),
    ...(labels.some(Number.isFinite) && { labels }),
    ...withScores,
  };
}

function numeric(value: unknown): number {
  return typeof value === 'number' ? value : Number.NaN;
}
