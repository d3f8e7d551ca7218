/** The words every part of Plumbline shares. */

/** A class as model code writes it; two classes are the same when `String(value)` is the same. */
export type ClassValue = string | number | boolean;

/** What a model predicts, and what comes true: a class, the number of a regression, or several labels. */
export type PredictedValue = ClassValue | readonly ClassValue[];

/** One feature's value; numbers are numeric features, strings and booleans categorical ones. */
export type FeatureValue = number | string | boolean | null | undefined;

/** Numbers are compared by Kolmogorov–Smirnov, categories by Jensen–Shannon. */
export type FeatureType = 'numeric' | 'categorical';

/** A moment: epoch milliseconds, RFC 3339 text or a Date. */
export type TimeValue = number | string | Date;

/** One prediction as model code reports it. */
export interface PredictionRow {
  /** Joins the label later; one is made when it is missing. */
  readonly id?: string;
  /** When the prediction was made (default: now). */
  readonly timestamp?: TimeValue;
  /** The predicted class; the number a regression predicts; the labels of a model that gives several. */
  readonly prediction: PredictedValue;
  readonly features?: Readonly<Record<string, FeatureValue>>;
  /** P(positive class) of a binary classifier, 0 to 1. */
  readonly score?: number;
  /** The probability of each class; those of all declared classes sum to 1. */
  readonly scores?: Readonly<Record<string, number>>;
  /** The declared part of the traffic it belongs to. */
  readonly segment?: string;
  /** How long the model took, in seconds. */
  readonly durationSeconds?: number;
}

/** Who judged a prediction: a person, another model, or a rule in code. */
export const ANNOTATOR_KINDS = ['human', 'model', 'code'] as const;
/** One of them. */
export type AnnotatorKind = (typeof ANNOTATOR_KINDS)[number];

/** Who judged, with a name where there is one. */
export interface Annotator {
  readonly kind: AnnotatorKind;
  readonly name?: string;
}

/** What somebody says of one prediction. */
export interface FeedbackRow {
  /** Id of the prediction. */
  readonly id: string;
  readonly correct: boolean;
  /** What would have been right. */
  readonly correctedLabel?: PredictedValue;
  /** What the user gave: any JSON, at most 16 KiB of it. */
  readonly input?: unknown;
  /** At most 4,096 characters. */
  readonly explanation?: string;
  /** Default: nobody is named. */
  readonly annotator?: AnnotatorKind | Annotator;
  /** A rating, on whatever scale the team uses. */
  readonly score?: number;
  /** Of the same prediction with the same identifier the later one replaces the earlier one. */
  readonly identifier?: string;
  /** When it was given (default: now). */
  readonly timestamp?: TimeValue;
}

/** What feedback says of a prediction, as it is counted. */
export const VERDICTS = ['correct', 'incorrect'] as const;
/** One of them. */
export type FeedbackVerdict = (typeof VERDICTS)[number];

/** The last moment a Date can hold (ECMAScript): ±100 million days around 1970. */
const MAX_TIME = 8.64e15;

/** Epoch milliseconds of a time value; `undefined` when it is not a time (callers are not typed at run time). */
export function toMilliseconds(value: unknown): number | undefined {
  let milliseconds = Number.NaN;
  if (typeof value === 'number') milliseconds = value;
  else if (typeof value === 'string') milliseconds = Date.parse(value);
  else if (value instanceof Date) milliseconds = value.getTime();
  return Math.abs(milliseconds) <= MAX_TIME ? milliseconds : undefined;
}

/** The class that holds whatever exceeds the declared classes or the budget. */
export const OTHER = '__other__';

/** What a reference profile calls the score of a prediction: it is watched for drift as a feature is. */
export const SCORE_FEATURE = '__score__';
/** What a reference profile calls the predicted value of a regression. */
export const VALUE_FEATURE = '__prediction__';
