/** What an item of feedback is known by, so that the same row sent twice is one item. */
import { hash } from 'node:crypto';
import type { FeedbackFields } from '../monitor/feedback-fields.ts';

/** 128 bits, hexadecimal. */
const LENGTH = 32;

/** Of all that an item says; when it was given is not part of it. */
export function feedbackDigest(fields: FeedbackFields, correctedLabel: string | null): string {
  const { correct, input, explanation, annotator, score } = fields;
  const said = [correct, correctedLabel, input, explanation, annotator?.kind, annotator?.name, score];
  return hash('sha256', JSON.stringify(said), 'hex').slice(0, LENGTH);
}

/** What is told apart. */
export interface FeedbackName {
  readonly model: string;
  readonly predictionId: string;
  readonly identifier: string | null;
  readonly digest: string;
  /** Epoch ms, where the row said when it was given. */
  readonly time: number | undefined;
}

/**
 * With an identifier that alone names the item within its prediction; without one an item is what it says and when. (Two people who give the
 * same answer to one prediction, both without a name, an identifier and a time, are one.)
 */
export function feedbackKey({ model, predictionId, identifier, digest, time }: FeedbackName): string {
  const own = identifier === null ? ['said', digest, time ?? null] : ['identifier', identifier];
  return hash('sha256', JSON.stringify([model, predictionId, ...own]), 'hex').slice(0, LENGTH);
}
