/** An item as it is shown. */
import type { Json } from '../audit/audit-event.ts';
import { storedValue } from '../labels/row-fields.ts';
import type { TaskName } from '../monitor/options.ts';
import type { FeedbackItem } from './feedback.ts';
import type { StoredFeedback } from './feedback-store.ts';

/** What is stored of an item, in the words of the API. */
export function feedbackItem(item: StoredFeedback, model: string, task: TaskName): FeedbackItem {
  const value = (text: string | null) => (text === null ? null : storedValue(text, task));
  const { id, predictionId, version, correct, explanation, annotator, score, identifier, status } = item;
  return {
    ...{ id, model, predictionId, version, prediction: value(item.prediction) },
    ...{ correct, correctedLabel: value(item.correctedLabel) },
    ...{ input: item.input === null ? null : (JSON.parse(item.input) as Json), explanation },
    ...{ annotator, score, identifier },
    timestamp: new Date(item.time).toISOString(),
    receivedAt: new Date(item.arrived).toISOString(),
    ...{ status, label: value(item.label) },
    review:
      item.reviewedAt === null || item.reviewer === null
        ? null
        : { at: new Date(item.reviewedAt).toISOString(), actor: item.reviewer, reason: item.reason },
  };
}
