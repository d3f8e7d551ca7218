/** Rows of experiments and of their epochs. */
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
}
