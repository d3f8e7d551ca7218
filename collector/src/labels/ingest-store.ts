/** What ingest needs of a database: its port, implemented in `storage/`. */
import type { CheckedLabel } from './check-label.ts';
import type { CheckedPrediction } from './check-prediction.ts';
import type { ReferenceProfile } from '../distribution/reference.ts';
import type { KnownVersion } from './declared-model.ts';
import type { FoldedHour, StoredRow } from './stored-rows.ts';
import type { StoredWindow, WindowSource } from './stored-window.ts';

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

/** What a version has taken in all. */
export interface VersionTally {
  readonly predictions: number;
  readonly labeled: number;
  readonly expired: number;
}

/** Which windows. */
export interface WindowsQuery {
  readonly versionId: number;
  readonly source: WindowSource;
  readonly limit: number;
  readonly before?: number | undefined;
}

/** One step of housekeeping over a version. */
export interface SweepStep {
  /** Predictions that expired now. */
  readonly expired: number;
  /** Shadows that found the label of the prediction they shadow. */
  readonly events: readonly LabelEvent[];
  /** Whether there may be more to do. */
  readonly more: boolean;
}

/** Adds predictions to the hours they belong to, see `foldRows`. */
export type Fold = (rows: readonly StoredRow[], before: readonly FoldedHour[]) => readonly FoldedHour[];

/** One step of retention over a version. */
export interface RetireStep {
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
  /** Versions in staging and production, the newest first: those that traffic is meant for. */
  staged(limit: number): Promise<readonly number[]>;
  /** Of these versions the one that predicted last. */
  lastActive(versionIds: readonly number[]): Promise<number | undefined>;

  /** Sums by version. */
  tallies(): Promise<ReadonlyMap<number, VersionTally>>;
  /** Marks predictions as expired that arrived before `before` and have no label, a few at a time. */
  expire(version: KnownVersion, before: number, now: number): Promise<SweepStep>;

  /** Whether there is a prediction that arrived before `before` and is labelled or expired. */
  isRetirable(version: KnownVersion, before: number): Promise<boolean>;
  /** Removes predictions that arrived before `before` and are labelled or expired, a few at a time; `fold` makes sums of them. */
  retire(version: KnownVersion, before: number, fold: Fold): Promise<RetireStep>;

  /** Takes or keeps a lease. @returns whether it is ours until `now + duration` */
  lease(name: string, holder: string, now: number, duration: number): Promise<boolean>;
  /**
   * Rows that arrived so many milliseconds ago have been joined by all that arrived before them: a transaction of another replica may
   * become visible after a later one.
   */
  readonly settled: number;
  /** Keeps a closed window, unless another replica has kept one of this number. */
  addWindow(window: StoredWindow): Promise<void>;
  /** The last windows of a version that closed before `before` (epoch ms), newest first. */
  windows(query: WindowsQuery): Promise<readonly StoredWindow[]>;
  /** Number of the last window, by version. */
  lastWindows(): Promise<ReadonlyMap<number, number>>;
  /** Keeps a reference made of a version's first predictions, unless there is one. */
  keepSelfReference(versionId: number, reference: ReferenceProfile, now: number): Promise<void>;
  /** The value of a setting; `value` becomes it where there is none. */
  setting(name: string, value: string): Promise<string>;
}
