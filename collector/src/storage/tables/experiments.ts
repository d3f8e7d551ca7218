/** Rows of experiments, of their epochs, and of the units they are compared by. */
import type { Generated } from 'kysely';

/** Tables of `0004-experiments`. */
export interface ExperimentTables {
  experiments: {
    id: Generated<number>;
    model_id: number;
    name: string;
    state: string;
    revision: number;
    salt: string;
    /** JSON of `ExperimentRules`, with the weights that hold now. */
    rules: string;
    /** JSON of `Course`. */
    course: string;
    created_at: number;
    started_at: number | null;
    ended_at: number | null;
  };
  /** Kept for ever: what was predicted in an epoch is compared with what was divided in it. */
  experiment_epochs: {
    experiment_id: number;
    number: number;
    since: number;
    /** Null while it lasts. */
    until: number | null;
    cause: string;
    /** JSON texts: shares by version, ranges of buckets. */
    weights: string;
    ranges: string;
  };
  /** One row for each key (or prediction without a key), for as long as the experiment is kept: retention of predictions changes no verdict. */
  experiment_units: {
    experiment_id: number;
    /** Place of the first prediction of the unit. */
    arrived: number;
    seq: number;
    /** 16 bytes of SHA-256 over salt and key; null for a prediction without a key. */
    unit: Uint8Array | null;
    version_id: number;
    epoch: number;
    /** JSON list of the numbers of all predictions that count; null where that is the first alone, or the unit is closed. */
    predictions: string | null;
    /** JSON list of seconds; null while the key window lasts, and where none is known. */
    durations: string | null;
    /** JSON of `UnitOutcome`; null while it is open. */
    outcome: string | null;
  };
  experiment_progress: {
    experiment_id: number;
    /** The last prediction that was looked at. */
    arrived: number;
    seq: number;
    /** The last unit whose key window is over, as that of all before it. */
    cut_arrived: number;
    cut_seq: number;
    /** The last unit that is closed with all before it. */
    entered_arrived: number;
    entered_seq: number;
    /** JSON of the last comparison, and when it was made. */
    reading: string | null;
    read_at: number | null;
    /** 1 once nothing can come any more. */
    finished: number;
  };
}
