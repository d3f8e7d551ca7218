/** Rows of models, versions, moves and the audit log. Names are as unique as the bytes they are made of. */
import type { Generated } from 'kysely';

/** Tables of `0001-registry`. */
export interface RegistryTables {
  models: {
    id: Generated<number>;
    name: string;
    registered: number;
    /** JSON of `ModelDeclaration`. */
    declaration: string;
    /** JSON of what the policy changes from the defaults; null without. */
    policy: string | null;
    policy_revision: number;
    /** The largest whole number that has named a version; it is not given again when that version is deleted. */
    last_number: Generated<number>;
    created_at: number;
  };
  versions: {
    id: Generated<number>;
    model_id: number;
    name: string;
    registered: number;
    /** Null while unregistered. */
    stage: string | null;
    description: string;
    origin: string | null;
    digest: string | null;
    /** What the artifact store knows the files by; null without files. */
    artifact: string | null;
    /** JSON texts. */
    tags: string;
    files: string;
    metrics: string;
    /** JSON of `Validation`; null where nobody said how the metrics came about. */
    validation: Generated<string | null>;
    reference: string | null;
    reference_digest: string | null;
    created_at: number;
    /** Set when it was deleted: its name is not used again, since moves, metrics and the audit speak of it. */
    deleted_at: number | null;
  };
  /** An alias names one version of a model at a time. */
  version_aliases: {
    model_id: number;
    alias: string;
    version_id: number;
  };
  transitions: {
    id: Generated<number>;
    model_id: number;
    version_id: number;
    from_stage: string;
    to_stage: string;
    kind: string;
    at: number;
    actor: string;
    reason: string;
    evidence: string;
  };
  audit: {
    seq: number;
    time: number;
    action: string;
    model: string | null;
    subject: string | null;
    /** JSON texts. */
    actor: string;
    reason: string | null;
    evidence: string;
    before_state: string;
    after_state: string;
    request_id: string | null;
    hash: string;
  };
  /** One row: the last entry of the audit log, so that cut-off entries are missed; who appends locks it. */
  audit_head: {
    id: number;
    seq: number;
    hash: string;
  };
}
