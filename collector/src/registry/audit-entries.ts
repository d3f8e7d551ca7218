/** What the registry writes into the audit log. */
import { asJson, type AuditAction, type AuditEntry, type Json } from '../audit/audit-event.ts';
import type { Act, Version } from './model-version.ts';

/** What happened to what, before and after. */
export interface EntryFacts {
  readonly model: string;
  readonly subject?: string;
  readonly reason?: string;
  readonly evidence?: Json;
  readonly before?: Json;
  readonly after?: Json;
}

/** An entry; what is not named is null. */
export function auditEntry(action: AuditAction, { actor, requestId }: Act, facts: EntryFacts): AuditEntry {
  const { model, subject = null, reason = null, evidence = null, before = null, after = null } = facts;
  return { action, actor, requestId, model, subject, reason, evidence, before, after };
}

/** What the audit keeps of a version: all but the list of files and the profile, which their digests stand for. */
export function versionFacts({ files, reference: _profile, registered: _, ...rest }: Version): Json {
  return asJson({ ...rest, files: files.length, bytes: files.reduce((sum, { size }) => sum + size, 0) });
}
