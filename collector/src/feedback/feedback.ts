/** Feedback as it is asked for: the words, and what the service can be asked. Field names are those of the HTTP API. */
import type { Actor, Json } from '../audit/audit-event.ts';
import type { IngestResult } from '../labels/ingest.ts';
import type { Annotator, FeedbackRow, PredictedValue } from '../prediction.ts';
import type { Act, Page } from '../registry/model-version.ts';
import type { PatternReport } from './patterns/patterns.ts';
import type { ExportedExamples, ExportRequest } from './training-example.ts';

/** Feedback as it is sent. */
export interface IngestFeedback extends FeedbackRow {
  readonly model: string;
}

/** Where an item stands. */
export const FEEDBACK_STATUSES = ['pending', 'accepted', 'rejected'] as const;
/** One of them. */
export type FeedbackStatus = (typeof FEEDBACK_STATUSES)[number];

/** What was decided of an item, and by whom. */
export interface ReviewedBy {
  readonly at: string;
  readonly actor: Actor;
  readonly reason: string | null;
}

/** An item of the queue. */
export interface FeedbackItem {
  /** Of the item, not of the prediction: one prediction may have many. */
  readonly id: string;
  readonly model: string;
  readonly predictionId: string;
  /** Of the prediction, both null where there is none: not yet, or not any more. */
  readonly version: string | null;
  readonly prediction: PredictedValue | null;
  readonly correct: boolean;
  readonly correctedLabel: PredictedValue | null;
  readonly input: Json;
  readonly explanation: string | null;
  readonly annotator: Annotator | null;
  readonly score: number | null;
  readonly identifier: string | null;
  /** When it was given, and when it arrived; RFC 3339. */
  readonly timestamp: string;
  readonly receivedAt: string;
  readonly status: FeedbackStatus;
  /** What was accepted as true. */
  readonly label: PredictedValue | null;
  readonly review: ReviewedBy | null;
}

/** Which items. */
export interface FeedbackQuery {
  readonly status?: FeedbackStatus;
  readonly order: 'newest' | 'oldest';
  /** The `next` of the page before. */
  readonly after?: string;
  readonly limit: number;
}

/** A decision. */
export interface Review {
  readonly decision: 'accepted' | 'rejected';
  /** What is true, where the item does not say it or is wrong about it. */
  readonly correctedLabel?: PredictedValue;
  readonly reason?: string;
}

/** Which feedback patterns are looked for in: of predictions made from `from` on and before `to`, epoch ms. */
export interface PatternQuery {
  readonly model: string;
  readonly version?: string;
  readonly from?: number;
  readonly to?: number;
}

/** Feedback as HTTP uses it. */
export interface Feedback {
  /** Takes a batch, as `Ingest` takes predictions; `ids` are those of the items. */
  take(rows: readonly unknown[]): Promise<IngestResult>;
  /** @throws PlumblineError `not_found` for an unknown model */
  list(model: string, query: FeedbackQuery): Promise<Page<FeedbackItem>>;
  /** @throws PlumblineError `not_found`; `invalid_request` where the label is missing or contradicts; `conflict` where it cannot be done (any more) */
  review(model: string, id: string, review: Review, act: Act): Promise<FeedbackItem>;
  patterns(query: PatternQuery): Promise<PatternReport>;
  /** @throws PlumblineError `too_little_feedback`, `invalid_request`, `not_found`; what the database throws later ends the stream */
  exportExamples(request: ExportRequest, act: Act): Promise<ExportedExamples>;
}
