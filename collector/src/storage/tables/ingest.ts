/** Rows of predictions, of their labels, and of what is kept of them when they are gone. */
import type { Generated } from 'kysely';

/** Tables of `0002-ingest`. */
export interface IngestTables {
  predictions: {
    /** In the order they were stored. */
    seq: Generated<number>;
    version_id: number;
    /** When it was stored, by the clock of the replica; never before `time` by more than a day. */
    arrived: number;
    /** When it was made. */
    time: number;
    /** First 16 bytes of SHA-256 over model, NUL and id: what a prediction is found by. */
    id_key: Uint8Array;
    id: string;
    /** The class or number as `String(value)`; several labels as a JSON list, sorted, each once. */
    prediction: string;
    score: number | null;
    /** JSON of class → probability. */
    scores: string | null;
    segment: string | null;
    /** Seconds. */
    duration: number | null;
    /** JSON of name → value; null where they are not stored. */
    features: string | null;
    routing_key: string | null;
    /** JSON of name, epoch, propensity. */
    experiment: string | null;
    /** `id_key` of the prediction whose label joins this one too. */
    shadow_of: Uint8Array | null;
  };
  /** One row for each prediction that is labelled or expired; a table of its own, so that a label does not rewrite a wide row. */
  labels: {
    /** That of the prediction. */
    seq: number;
    /** Written as predictions are; null where the prediction expired. */
    label: string | null;
    /** When the label became known. */
    time: number;
    /** 1 where it came after the deadline. */
    late: number;
  };
  /** Sums that say how many wait: in stripes, so that replicas do not wait for each other. */
  tallies: {
    version_id: number;
    stripe: number;
    predictions: number;
    labeled: number;
    expired: number;
  };
  /** How far housekeeping has come with a version: all before it is labelled or expired. */
  sweeps: {
    version_id: number;
    arrived: number;
    seq: number;
  };
  /** Closed windows of drift and of predicted classes, see `StoredWindow`. */
  drift_windows: {
    version_id: number;
    source: string;
    number: number;
    start_position: number;
    end_position: number;
    after_arrived: number;
    after_seq: number;
    last_arrived: number;
    last_seq: number;
    reference: string | null;
    /** JSON texts. */
    counts: string;
    verdict: string | null;
    closed_at: number;
  };
  /** References made of the first predictions of versions that came without one. */
  self_references: {
    version_id: number;
    reference: string;
    created_at: number;
  };
  /** What predictions added up to before retention removed them. */
  hourly_outcomes: {
    version_id: number;
    /** When the hour began, by the time of the predictions. */
    hour: number;
    /** Empty for none. */
    segment: string;
    /** JSON, see `FoldedOutcomes`. */
    folded: string;
  };
  /** Small things replicas must agree on, made once. */
  ingest_settings: {
    name: string;
    value: string;
  };
}
