/** Rows of runs of retraining. */
import type { Generated } from 'kysely';

/** Tables of `0006-retraining`. */
export interface RetrainingTables {
  retraining_runs: {
    /** In the order they were started. */
    seq: Generated<number>;
    /** What others know it by. */
    run: string;
    model_id: number;
    trigger: string;
    reason: string;
    /** JSON texts. */
    actor: string;
    steps: string;
    state: string;
    outcome: string | null;
    incumbent: string | null;
    version: string | null;
    policy_revision: number;
    log: string;
    /** The replica that runs it, and when it last said that it is there. */
    owner: string;
    heartbeat: number;
    cancel_requested: number;
    /** SHA-256 of the callback's token; null without one. */
    callback_hash: string | null;
    started_at: number;
    updated_at: number;
    /** Null while it goes on: one row of a model at most. */
    ended_at: number | null;
  };
  /** Alerts that have started a run: organisation, fingerprint and start in one text. */
  retraining_alerts: {
    model_id: number;
    alert: string;
    run: string;
  };
  /** Small things replicas must agree on: which scheduled time was judged, which refusal was told. */
  retraining_marks: {
    model_id: number;
    name: string;
    value: string;
  };
}
