/** What is read of the store to answer: a port of its own, so that answers can be made beside ingest, on another connection. */
import type { ReplayedRow } from '../monitor/replay.ts';
import type { FoldedOutcomes } from '../monitor/task.ts';
import type { TaskName } from '../monitor/options.ts';
import type { FeatureValue } from '../prediction.ts';
import type { Place } from './place.ts';
import { storedValue } from './row-fields.ts';

/** A prediction as it is kept, with its label. */
export interface StoredRow extends Place {
  readonly time: number;
  readonly prediction: string;
  readonly score: number | null;
  readonly scores: string | null;
  readonly segment: string | null;
  readonly features: string | null;
  /** Null where it is neither labelled nor expired. */
  readonly label_seq: number | null;
  readonly label: string | null;
}

/** Which predictions of a version. */
export interface RowsQuery {
  readonly versionId: number;
  /** Those that arrived after this place. */
  readonly after: Place;
  /** Up to and with the one at this place. */
  readonly until?: Place | undefined;
  /** Those that arrived at or before this moment, epoch ms. */
  readonly arrivedBy?: number | undefined;
  /** Those made from `from` on and before `to`, epoch ms. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly limit?: number | undefined;
  /** Whether features are needed: they are most of a row. */
  readonly hasFeatures: boolean;
}

/** A stretch of a version's predictions. */
export type ExtentQuery = Pick<RowsQuery, 'versionId' | 'after' | 'arrivedBy'> & { readonly limit: number };

/** Hours that are folded. */
export interface FoldedHour {
  /** When it began, epoch ms. */
  readonly hour: number;
  /** Empty for none. */
  readonly segment: string;
  readonly folded: FoldedOutcomes;
}

/** The port. */
export interface RowReader {
  /** In the order they arrived, some at a time. */
  rows(query: RowsQuery): AsyncIterable<readonly StoredRow[]>;
  /** How many predictions a query finds, and where the last of them is (`after`, where there is none): by the index alone. */
  extent(query: ExtentQuery): Promise<{ readonly rows: number; readonly last: Place }>;
  /** Hours that begin from `from` on and before `to`. */
  folded(versionId: number, from: number, to: number): Promise<readonly FoldedHour[]>;
  /** The place after which a version's last `count` predictions arrived. */
  placeBeforeLast(versionId: number, count: number): Promise<Place>;
  /** See `IngestStore.referenceOf`. */
  reference(versionId: number): Promise<unknown>;
}

/** A row as a monitor takes it. */
export function replayed(row: StoredRow, task: TaskName): ReplayedRow {
  const { prediction, score, scores, segment, features, label, label_seq, time, arrived } = row;
  return {
    prediction: storedValue(prediction, task),
    time,
    arrived,
    isExpired: label_seq !== null && label === null,
    ...(label !== null && { label: storedValue(label, task) }),
    ...(score !== null && { score }),
    ...(scores !== null && { scores: JSON.parse(scores) as Record<string, number> }),
    ...(segment !== null && { segment }),
    ...(features !== null && { features: JSON.parse(features) as Record<string, FeatureValue> }),
  };
}
