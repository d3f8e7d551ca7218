/** What a decision on an item of feedback comes to: a pure rule. */
import { PlumblineError } from '../errors.ts';
import { RowFault } from '../labels/row-faults.ts';
import { valueField } from '../labels/row-fields.ts';
import type { TaskName } from '../monitor/options.ts';
import { contradicts } from './decide-feedback.ts';
import type { FeedbackStatus, Review } from './feedback.ts';
import type { StoredFeedback } from './feedback-store.ts';

/** What is to be done. */
export interface JudgedReview {
  readonly status: Exclude<FeedbackStatus, 'pending'>;
  /** As labels are written; null where nothing is accepted. */
  readonly label: string | null;
  /** The same was decided before. */
  readonly isSame: boolean;
}

/** @throws PlumblineError `invalid_request` where the label is missing or contradicts, `conflict` where it cannot be done */
export function judgeReview(item: StoredFeedback, { decision, correctedLabel }: Review, task: TaskName): JudgedReview {
  if (decision === 'rejected') {
    if (item.status === 'accepted') throw cannotWithdraw();
    if (correctedLabel !== undefined) throw needless();
    return { status: 'rejected', label: null, isSame: item.status === 'rejected' };
  }
  if (item.prediction === null) throw noPrediction();
  const { prediction: predicted, correct } = item;
  const confirmed = correct && task !== 'regression' ? predicted : null;
  const label = correctedLabel === undefined ? (item.correctedLabel ?? confirmed) : labelOf(correctedLabel, task);
  if (label === null) throw noLabel(correct);
  if (contradicts({ correct, correctedLabel: label }, task, predicted)) throw contradiction(correct);
  return { status: 'accepted', label, isSame: item.status === 'accepted' && item.label === label };
}

function labelOf(value: Review['correctedLabel'], task: TaskName): string {
  try {
    return valueField(value, task, 'correctedLabel');
  } catch (error) {
    if (error instanceof RowFault) throw invalid(error.message, 'Send the label as it is sent to /v1/labels.');
    throw error;
  }
}

function noLabel(correct: boolean): PlumblineError {
  const why = correct ? 'that a regression was near enough' : 'that the prediction was wrong, not what is right';
  return invalid(
    `correctedLabel: is missing; the feedback says ${why}.`,
    'Send the label that is true with the decision, or reject the item.',
  );
}

function contradiction(correct: boolean): PlumblineError {
  return invalid(
    `correctedLabel: the feedback says that the prediction was ${correct ? 'right, and this is another label' : 'wrong, and this is what was predicted'}.`,
    'Reject the item; send what is true to /v1/labels, where it is known.',
  );
}

function needless(): PlumblineError {
  return invalid(
    'correctedLabel: a rejected item has no label.',
    'Accept the item with it, or send it to /v1/labels, and reject the item without.',
  );
}

function noPrediction(): PlumblineError {
  return new PlumblineError(
    'conflict',
    'The prediction this feedback speaks of is not there.',
    'It may not have arrived yet, or retention has removed it. Accept the item once it is there, or reject it.',
  );
}

function cannotWithdraw(): PlumblineError {
  return new PlumblineError(
    'conflict',
    'The item was accepted, and its label is counted: a label can be corrected, not withdrawn.',
    'Accept it again with the correctedLabel that is true.',
  );
}

function invalid(message: string, help: string): PlumblineError {
  return new PlumblineError('invalid_request', message, help);
}
