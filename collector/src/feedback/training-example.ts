/** Labelled rows that a model may be trained on, as feedback and late labels make them. */
import type { FeatureValue } from '../prediction.ts';

/** One of them. */
export interface TrainingExample {
  /** Prediction id. */
  readonly id: string;
  /** When the prediction was made, RFC 3339. */
  readonly timestamp: string;
  readonly version: string;
  readonly features: Readonly<Record<string, FeatureValue>>;
  /** What was predicted then, as it is stored. */
  readonly prediction: string;
  /** The true class or number, as it is stored; an accepted correction comes before a label. */
  readonly label: string;
  readonly weight: number;
  readonly source: 'label' | 'feedback';
}

/** Which examples are asked for. */
export interface ExampleQuery {
  readonly model: string;
  /** Predictions made from `from` on and before `to`, epoch ms. */
  readonly from?: number;
  readonly to?: number;
  /** `all`: every labelled prediction; `feedback`: accepted corrections and confirmations alone. */
  readonly source: 'all' | 'feedback';
  /** Weight of an example that an accepted correction or confirmation makes (default 1); one of a label weighs 1. */
  readonly feedbackWeight?: number;
}

/** Reads examples in the order their predictions were stored, each prediction once, without holding them all. */
export interface ExampleSource {
  examples(query: ExampleQuery): AsyncIterable<TrainingExample>;
}

/** Accepted feedback that a model may be trained on before anybody says otherwise (DESIGN §1 row 8). */
export const DEFAULT_MIN_COUNT = 100;

/** How much has been accepted. */
export interface FeedbackCounts {
  /** Predictions with accepted feedback, each once. @param since only what was accepted from then on, epoch ms */
  accepted(model: string, since?: number): Promise<number>;
}

/** Formats of an export. */
export const EXPORT_FORMATS = ['jsonl', 'csv'] as const;
/** One of them. */
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** What is asked for. */
export interface ExportRequest extends ExampleQuery {
  readonly format: ExportFormat;
  /** Columns of a CSV beside the fixed ones; default: the declared features. */
  readonly features?: readonly string[];
  /** Position of the last example that arrived: the export goes on behind it. */
  readonly after?: string;
  /** Accepted feedback at least, where only feedback is asked for. */
  readonly minCount?: number;
}

/** A stream of text. */
export interface ExportedExamples {
  readonly contentType: string;
  readonly fileName: string;
  readonly text: AsyncIterable<string>;
}
