/** What the audit holds of the loop. */
import type { AuditRecord } from '../../../collector/src/audit/audit-event.ts';
import type { Collector } from './collector.ts';
import { MODEL } from './loop.ts';
import { answer } from './watching.ts';

/** All about the model, oldest first. */
export async function auditOf(on: Collector): Promise<readonly AuditRecord[]> {
  const path = `/v1/audit?model=${MODEL}&limit=500`;
  const { items } = await answer<{ readonly items: readonly AuditRecord[] }>(on, ['GET', path]);
  return items.toReversed();
}
export function expectedAudit(run: unknown, experiment: string): unknown[] {
  return [];
}
