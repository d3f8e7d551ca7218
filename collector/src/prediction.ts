/** The words every part of Plumbline shares. */

/** A class as model code writes it; two classes are the same when `String(value)` is the same. */
export type ClassValue = string | number | boolean;

/** One feature's value; numbers are numeric features, strings and booleans categorical ones. */
export type FeatureValue = number | string | boolean | null | undefined;

export type FeatureType = 'numeric' | 'categorical';

/** A moment: epoch milliseconds, RFC 3339 text or a Date. */
export type TimeValue = number | string | Date;

/** One prediction as model code reports it. */
export interface PredictionRow {
  /** Joins the label later; one is made when it is missing. */
  readonly id?: string;
  /** When the prediction was made (default: now). */
  readonly timestamp?: TimeValue;
  readonly prediction: ClassValue;
  readonly features?: Readonly<Record<string, FeatureValue>>;
  /** P(positive class) of a binary classifier, 0 to 1. */
  readonly score?: number;
  /** How long the model took, in seconds. */
  readonly durationSeconds?: number;
}

/** Epoch milliseconds of a time value; `undefined` when it is not a time. */
export function toMilliseconds(value: TimeValue | undefined): number | undefined {
  if (value === undefined) return undefined;
  const milliseconds = typeof value === 'number' ? value : value instanceof Date ? value.getTime() : Date.parse(value);
  return Number.isFinite(milliseconds) ? milliseconds : undefined;
}

/** The class that holds whatever exceeds the declared classes or the budget. */
export const OTHER = '__other__';
