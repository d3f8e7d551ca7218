/** Checks one row of a batch of feedback. */
import type { IngestDesk } from '../labels/desk.ts';
import type { KnownVersion } from '../labels/declared-model.ts';
import { predictionKey } from '../labels/prediction-key.ts';
import { RowFault } from '../labels/row-faults.ts';
import { idField, timeField, valueField, type Fields } from '../labels/row-fields.ts';
import { FeedbackFault, feedbackFields, type FeedbackFields } from '../monitor/feedback-fields.ts';
import { feedbackDigest, feedbackKey } from './feedback-key.ts';

/** Feedback that may be stored. */
export interface CheckedFeedback extends FeedbackFields {
  /** Any version of the model: it is counted for this one where its prediction is not there. */
  readonly version: KnownVersion;
  /** Of the item. */
  readonly id: string;
  readonly predictionId: string;
  /** What the prediction is found by. */
  readonly predictionKey: Uint8Array;
  readonly digest: string;
  readonly correctedLabel: string | null;
  /** When it was given, epoch ms. */
  readonly time: number;
}

/** What a check needs beside the row. */
export interface FeedbackContext {
  readonly version: KnownVersion;
  /** Epoch ms. */
  readonly now: number;
  readonly desk: Pick<IngestDesk, 'withoutPersonal'>;
}

/** @throws RowFault naming field and remedy */
export function checkFeedback(row: Fields, { version, now, desk }: FeedbackContext): CheckedFeedback {
  const { declaration, model } = version;
  const { timestamp, correctedLabel: given } = row;
  const predictionId = idField(row['id'], 'id');
  const fields = keepable(fieldsOf(row), version, desk);
  const isMissing = given === undefined || given === null;
  const correctedLabel = isMissing ? null : valueField(given, declaration.task ?? 'classification', 'correctedLabel');
  const time = timeField(timestamp, now, now);
  const digest = feedbackDigest(fields, correctedLabel);
  const isTimed = timestamp !== undefined && timestamp !== null;
  const { identifier } = fields;
  return {
    ...{ ...fields, version, predictionId, digest, correctedLabel, time },
    id: feedbackKey({ model, predictionId, identifier, digest, time: isTimed ? time : undefined }),
    predictionKey: predictionKey(model, predictionId),
  };
}

function fieldsOf(row: Fields): FeedbackFields {
  try {
    return feedbackFields(row);
  } catch (error) {
    throw error instanceof FeedbackFault ? new RowFault('invalid_feedback', error.message) : error;
  }
}

/** What the user gave is mostly what the features are made of, so what is declared of those holds for it. */
function keepable(
  fields: FeedbackFields,
  { declaration }: KnownVersion,
  desk: FeedbackContext['desk'],
): FeedbackFields {
  if (fields.input === null) return fields;
  if (declaration.storeFeatures === false) return { ...fields, input: null };
  const input = JSON.parse(fields.input) as unknown;
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return fields;
  const kept = desk.withoutPersonal(input as Readonly<Record<string, unknown>>, declaration);
  return kept === input ? fields : { ...fields, input: JSON.stringify(kept) };
}
