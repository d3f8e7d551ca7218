/** Ingest and answers of the service: the words, and what can be asked for. Field names are those of the HTTP API. */
import type { DistributionReport, DriftReport, PerformanceReport } from '../monitor/reports.ts';
import type { PredictedValue, PredictionRow, TimeValue } from '../prediction.ts';

/** A prediction as it is sent. */
export interface IngestPrediction extends PredictionRow {
  readonly model: string;
  readonly version: string;
}

/** A label as it is sent. */
export interface IngestLabel {
  readonly model: string;
  readonly id: string;
  readonly label: PredictedValue;
  readonly timestamp?: TimeValue;
}

/** A row that was not taken. */
export interface RejectedRow {
  /** Position in the batch, from 0. */
  readonly index: number;
  readonly code: string;
  readonly message: string;
}

/** What became of a batch; everything accepted is durable. */
export interface IngestResult {
  readonly accepted: number;
  /** The id of each accepted row, in the order of the rows (one that was made where a prediction had none). */
  readonly ids: readonly string[];
  readonly rejected: readonly RejectedRow[];
}

/** Which predictions an answer speaks of: made from `from` on and before `to`, epoch ms. */
export interface AnswerQuery {
  readonly model: string;
  /** One version; else the one in production, else the one that predicted last. */
  readonly version?: string;
  readonly from?: number;
  readonly to?: number;
}

/**
 * Takes batches. Rows are `unknown` on purpose: each is checked here, and a bad one does not lose the good ones. A prediction whose id is
 * there already is accepted and counted once (at-least-once delivery); one that differs from it is rejected as `duplicate_id`.
 * @throws PlumblineError `unavailable` when the store cannot be written; nothing of the batch is then acknowledged
 */
export interface Ingest {
  predictions(rows: readonly unknown[]): Promise<IngestResult>;
  labels(rows: readonly unknown[]): Promise<IngestResult>;
}

/** Answers from the store. @throws PlumblineError `not_found` for an unknown model or version */
export interface IngestAnswers {
  performance(query: AnswerQuery): Promise<PerformanceReport>;
  /** The last closed window; with `window` the last so many predictions, judged now. */
  drift(query: AnswerQuery & { readonly window?: number }): Promise<DriftReport>;
  distribution(query: AnswerQuery): Promise<DistributionReport>;
}
