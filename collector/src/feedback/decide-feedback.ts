/** What a row of feedback does: a pure rule, so that every engine and every replica decides alike. */
import type { TaskName } from '../monitor/options.ts';
import type { FeedbackVerdict } from '../prediction.ts';

/** What became of a row. `stale`: a later one with its identifier is there already. */
export type FeedbackFate = 'stored' | 'duplicate' | 'replaced' | 'stale' | 'contradiction';

/** An item as far as the rule needs it. */
export interface SaidFeedback {
  readonly correct: boolean;
  readonly digest: string;
  /** Epoch ms. */
  readonly time: number;
}

/** @param predicted what was predicted, undefined while that is not there @param kept the item of the same name until now */
export function decideFeedback(
  row: SaidFeedback & { readonly correctedLabel: string | null },
  task: TaskName,
  predicted: string | undefined,
  kept: SaidFeedback | undefined,
): FeedbackFate {
  if (predicted !== undefined && contradicts(row, task, predicted)) return 'contradiction';
  if (!kept) return 'stored';
  if (kept.digest === row.digest) return 'duplicate';
  return row.time < kept.time ? 'stale' : 'replaced';
}

/**
 * Whether it says that a prediction was right and names another label, or that it was wrong and names the same. A number that a regression
 * predicts may be right without being the number that came true.
 */
export function contradicts(
  { correct, correctedLabel }: { readonly correct: boolean; readonly correctedLabel: string | null },
  task: TaskName,
  predicted: string,
): boolean {
  if (correctedLabel === null) return false;
  return correct ? task !== 'regression' && correctedLabel !== predicted : correctedLabel === predicted;
}

/** As it is counted. */
export function verdictOf({ correct }: { readonly correct: boolean }): FeedbackVerdict {
  return correct ? 'correct' : 'incorrect';
}
