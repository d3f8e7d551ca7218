/** Who did what, when, why, on what evidence: the words of the audit log. */

/** Who acts. */
export interface Actor {
  /** Login of the verified Grafana user, else the name of the token, else `anonymous` (an open service on loopback). */
  readonly name: string;
  /** Role in Grafana, where the identity is verified. */
  readonly role: string | null;
  /** Whether the name was proven by a signed identity. */
  readonly verified: boolean;
  /** Id of the token used; null for none. */
  readonly token: string | null;
}

/** The service itself, where it acts by a policy: guardrails, ramps, triggers, promotion after validation. */
export const SERVICE_ACTOR: Actor = { name: 'plumbline', role: null, verified: true, token: null };

/** Everything that is audited. */
export type AuditAction =
  | 'model.changed'
  | 'policy.changed'
  | 'version.saved'
  | 'version.changed'
  | 'version.deleted'
  | 'version.promoted'
  | 'version.overridden'
  | 'version.rolled_back'
  | 'version.deprecated'
  | 'transition.refused'
  | 'experiment.created'
  | 'experiment.changed'
  | 'experiment.started'
  | 'experiment.paused'
  | 'experiment.ended'
  | 'experiment.guardrail'
  | 'feedback.reviewed'
  | 'feedback.exported'
  | 'retraining.started'
  | 'retraining.refused'
  | 'retraining.finished'
  | 'retraining.cancelled'
  | 'retraining.interrupted'
  | 'token.created'
  | 'token.revoked';

/** JSON as it is stored. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** One entry as it is written. */
export interface AuditEntry {
  readonly action: AuditAction;
  readonly actor: Actor;
  readonly model: string | null;
  /** What it is about, within the model: a version, a token's name. */
  readonly subject: string | null;
  readonly reason: string | null;
  /** What the decision rested on. */
  readonly evidence: Json;
  readonly before: Json;
  readonly after: Json;
  readonly requestId: string | null;
}

/** One entry as it is read. */
export interface AuditRecord extends AuditEntry {
  /** 1, 2, 3 … without gaps. */
  readonly seq: number;
  /** RFC 3339. */
  readonly time: string;
  /** SHA-256 over this entry and the hash before, hexadecimal. */
  readonly hash: string;
}

/** Which entries are asked for. */
export interface AuditQuery {
  readonly model?: string;
  readonly action?: string;
  /** Newest first; entries before this sequence number. */
  readonly before?: number;
  readonly limit: number;
}

/** The log as others read it; writing belongs to the transaction of the change. */
export interface AuditReader {
  list(query: AuditQuery): Promise<{ readonly items: readonly AuditRecord[]; readonly next: string | null }>;
}

/** Text as every store can hold it: PostgreSQL takes no NUL, and neither takes half of a surrogate pair. */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '\uFFFD');
}

/** A value as JSON reads it back: without what is undefined, dates as text. */
export function asJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value ?? null)) as Json;
}
