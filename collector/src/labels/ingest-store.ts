/** What ingest needs of a database: its port, implemented in `storage/`. */
import type { CheckedLabel } from './check-label.ts';
import type { CheckedPrediction } from './check-prediction.ts';
import type { KnownVersion } from './declared-model.ts';

/** What is written together, predictions before labels. */
export interface IngestWork {
  readonly predictions: readonly CheckedPrediction[];
  readonly labels: readonly CheckedLabel[];
  /** Epoch ms: when the rows arrived. */
  readonly now: number;
  /** Which of the sums of a version this writer adds to. */
  readonly stripe: number;
}

/** What became of a prediction; a conflict is another prediction under the same id. */
export type PredictionFate = 'stored' | 'duplicate' | 'conflict';

/** A prediction that a label changed, as far as counting needs it. */
export interface LabelEvent {
  readonly versionId: number;
  readonly status: 'joined' | 'late' | 'corrected' | 'duplicate' | 'unknown';
  readonly prediction: string;
  readonly score: number | null;
  /** JSON text. */
  readonly scores: string | null;
  readonly label: string;
  readonly former: string | undefined;
  /** Milliseconds. */
  readonly delay: number | undefined;
}

/** What became of the work; it is durable. */
export interface IngestOutcome {
  /** In the order of the predictions. */
  readonly fates: readonly PredictionFate[];
  /** Labels that found something, shadows included, and shadows that found a label. */
  readonly events: readonly LabelEvent[];
  /** Labels that found nothing, by position. */
  readonly unknown: readonly number[];
}

/** A place in a version's predictions, in the order they arrived. */
export interface Place {
  readonly arrived: number;
  readonly seq: number;
}

/** Before all predictions. */
export const BEGINNING: Place = Object.freeze({ arrived: -1, seq: -1 });

/** One step of housekeeping over a version. */
export interface SweepStep {
  /** Predictions that expired now. */
  readonly expired: number;
  /** Shadows that found the label of the prediction they shadow. */
  readonly events: readonly LabelEvent[];
  /** Whether there may be more to do. */
  readonly more: boolean;
}

/** The port. Whatever a database says no to is thrown as it is; the service makes `unavailable` of it. */
export interface IngestStore {
  /** Writes in one transaction, durable when it resolves. */
  commit(work: IngestWork): Promise<IngestOutcome>;
  /** Why the database cannot be written, where that is what an error says; undefined for any other error. */
  unavailable(error: unknown): string | undefined;
  /** How many commits may be under way at once. */
  readonly lanes: number;

  /** Every version of a model; undefined when there is no such model. */
  versionsOf(model: string): Promise<readonly KnownVersion[] | undefined>;
  /** Makes what is missing, unregistered. @param now epoch ms */
  makeVersion(model: string, version: string, now: number): Promise<void>;
  versionById(versionId: number): Promise<KnownVersion | undefined>;
  /** The reference of a version: the one it was saved with, else the one made of its first predictions. */
  referenceOf(versionId: number): Promise<unknown>;
  /** Of these versions the one that predicted last. */
  lastActive(versionIds: readonly number[]): Promise<number | undefined>;

  /** Predictions that wait, by version. */
  pending(): Promise<ReadonlyMap<number, number>>;
  /** Marks predictions as expired that arrived before `before` and have no label, a few at a time. */
  expire(version: KnownVersion, before: number, now: number): Promise<SweepStep>;

  /** Takes or keeps a lease. @returns whether it is ours until `now + duration` */
  lease(name: string, holder: string, now: number, duration: number): Promise<boolean>;
  /** The value of a setting; `value` becomes it where there is none. */
  setting(name: string, value: string): Promise<string>;
}
