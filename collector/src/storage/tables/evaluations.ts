/** Rows of offline evaluations. */

/** Tables of `0007-evaluations`. */
export interface EvaluationTables {
  evaluations: {
    id: string;
    model_id: number;
    /** As it was last written; one that runs and whose `alive_until` has passed was interrupted. */
    status: string;
    reason: string | null;
    /** JSON list of names. */
    versions: string;
    /** JSON. */
    actor: string;
    created_at: number;
    finished_at: number | null;
    alive_until: number;
    /** 1 once somebody asked for its end. */
    end_asked: number;
    /** JSON of the result and of the versions that failed. */
    result: string | null;
    failed: string;
  };
}
