/** Rows of models, versions, moves and the audit log. */
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
    /** JSON texts. */
    aliases: string;
    tags: string;
    files: string;
    metrics: string;
    reference: string | null;
    created_at: number;
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
}
