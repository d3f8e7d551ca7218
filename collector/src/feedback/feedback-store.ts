/** What feedback needs of a database: its port, implemented in `storage/`. */
import type { Actor, AuditEntry } from '../audit/audit-event.ts';
import type { FeedbackEvent } from '../labels/desk.ts';
import type { Place } from '../labels/place.ts';
import type { Annotator } from '../prediction.ts';
import type { Page } from '../registry/model-version.ts';
import type { CheckedFeedback } from './check-feedback.ts';
import type { FeedbackFate } from './decide-feedback.ts';
import type { FeedbackQuery, FeedbackStatus, PatternQuery } from './feedback.ts';

/** What became of a batch; it is durable. */
export interface FeedbackOutcome {
  /** In the order of the rows. */
  readonly fates: readonly FeedbackFate[];
  readonly events: readonly FeedbackEvent[];
}

/** An item with what is known of its prediction. Labels as they are stored. */
export interface StoredFeedback {
  readonly id: string;
  readonly predictionId: string;
  readonly version: string | null;
  readonly prediction: string | null;
  /** Where the prediction stands in the order they are stored; null without one. */
  readonly place: Place | null;
  readonly correct: boolean;
  readonly correctedLabel: string | null;
  /** JSON text. */
  readonly input: string | null;
  readonly explanation: string | null;
  readonly annotator: Annotator | null;
  readonly score: number | null;
  readonly identifier: string | null;
  readonly time: number;
  readonly arrived: number;
  readonly status: FeedbackStatus;
  readonly label: string | null;
  readonly reviewedAt: number | null;
  readonly reviewer: Actor | null;
  readonly reason: string | null;
  readonly revision: number;
}

/** A decision to write down. */
export interface FeedbackMark {
  readonly id: string;
  /** The revision that was decided on. */
  readonly revision: number;
  readonly status: Exclude<FeedbackStatus, 'pending'>;
  readonly label: string | null;
  /** Of the prediction, where the item is accepted. */
  readonly place: Place | null;
  readonly reviewer: Actor;
  readonly reason: string | null;
  /** Epoch ms. */
  readonly at: number;
  readonly audit: AuditEntry;
}

/** What was said of one prediction, for patterns. */
export interface JudgedPrediction {
  /** Of the prediction. */
  readonly seq: number;
  readonly accepted: boolean;
  readonly correct: boolean;
  readonly prediction: string;
  readonly correctedLabel: string | null;
  readonly explanation: string | null;
  readonly segment: string | null;
  /** JSON text. */
  readonly features: string | null;
}

/** A labelled prediction as it is kept. */
export interface ExampleRow extends Place {
  /** Null where retention has removed the prediction. */
  readonly id: string | null;
  readonly time: number;
  readonly version: string;
  readonly prediction: string;
  /** JSON text; null where features are not kept, or the row is no example. */
  readonly features: string | null;
  /** Of the label, and of accepted feedback; both null for a row that is no example. */
  readonly label: string | null;
  readonly accepted: string | null;
}

/** A stretch of a model's predictions. */
export interface StretchQuery {
  readonly after: Place;
  readonly limit: number;
}

/** The port. @throws PlumblineError `unavailable` when the database cannot be reached or written */
export interface FeedbackStore {
  /** Writes in one transaction, durable when it resolves. @param now epoch ms */
  commit(rows: readonly CheckedFeedback[], now: number): Promise<FeedbackOutcome>;
  list(model: string, query: FeedbackQuery): Promise<Page<StoredFeedback>>;
  find(model: string, id: string): Promise<StoredFeedback | undefined>;
  /** Writes a decision and its audit entry together. @returns false when the item has changed since */
  mark(mark: FeedbackMark): Promise<boolean>;
  /** Predictions with accepted feedback. */
  accepted(model: string, since: number | undefined): Promise<number>;
  /** Items that are not rejected and whose prediction is there, newest first, after the item of this number. */
  judged(
    query: PatternQuery,
    before: number | undefined,
    limit: number,
  ): Promise<readonly (JudgedPrediction & { readonly item: number })[]>;
  /** Removes what a model's retention does not keep any more. @param now epoch ms */
  retire(now: number): Promise<void>;
  /** Writes an entry of its own into the audit log. */
  audit(entry: AuditEntry, at: number): Promise<void>;

  /** Versions of a model by their number in the database. */
  versionIds(model: string): Promise<readonly number[]>;
  /** The next predictions of a version, examples or not. */
  predictionsOf(versionId: number, query: StretchQuery): Promise<readonly ExampleRow[]>;
  /** The next predictions of a model with accepted feedback. */
  acceptedOf(model: string, query: StretchQuery): Promise<readonly ExampleRow[]>;
}
