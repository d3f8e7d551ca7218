/** Reads feedback as it will travel: copied, so that what the program does to a row afterwards changes nothing. */
import { feedbackFields } from '../../monitor/feedback-fields.ts';
import { checkedId } from '../../monitor/row-checks.ts';
import { toMilliseconds, type FeedbackRow } from '../../prediction.ts';
import { cellBytes } from '../columns/column-writer.ts';
import type { FeaturePrivacy } from './feature-privacy.ts';
import { wireFeature, wirePrediction } from './wire-values.ts';

/** One row as it was read. */
export interface FeedbackReading {
  /** Fields the row has, by name. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** About what it takes in JSON. */
  readonly bytes: number;
}

/** Names of a row in JSON. */
const ROW_BYTES = 40;

/** Undefined where the row cannot be used. @param now epoch ms, for a row without a time @throws FeedbackFault likewise */
export function readFeedback(row: FeedbackRow, privacy: FeaturePrivacy, now: number): FeedbackReading | undefined {
  const { id: rawId, correctedLabel, timestamp } = row;
  const id = checkedId(rawId);
  const label = correctedLabel === undefined || correctedLabel === null ? null : wirePrediction(correctedLabel);
  const time = timestamp === undefined || timestamp === null ? now : toMilliseconds(timestamp);
  if (id === undefined || label === undefined || time === undefined) return undefined;
  const { input, ...fields } = feedbackFields(row as unknown as Readonly<Record<string, unknown>>);
  const sent = { id, ...fields, correctedLabel: label, input: protectedInput(input, privacy), timestamp: time };
  const present = Object.entries(sent).filter(([, value]) => value !== null);
  const bytes = present.reduce((sum, [, value]) => sum + cellBytes(value), ROW_BYTES);
  return { fields: Object.fromEntries(present), bytes };
}

/** What the user gave is mostly what the features are made of: a marked one leaves in clear text neither way. */
function protectedInput(text: string | null, privacy: FeaturePrivacy): unknown {
  const input: unknown = text === null ? null : JSON.parse(text, withoutPrototypes);
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return input;
  const kept = Object.entries(input).flatMap(([name, value]: [string, unknown]): [string, unknown][] => {
    if (!privacy.marks(name)) return [[name, value]];
    const safe = privacy.protect(name, wireFeature(value));
    return safe === undefined ? [] : [[name, safe]];
  });
  return Object.fromEntries(kept);
}

/** A document with such keys is refused as a whole, since whoever copies it may change what an object is. */
function withoutPrototypes(name: string, value: unknown): unknown {
  return name === '__proto__' || (name === 'constructor' && typeof value === 'object') ? undefined : value;
}
