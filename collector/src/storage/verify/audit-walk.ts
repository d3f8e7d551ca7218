/** Walks the whole audit log, checks its chain, and keeps what it says of each version beside what the registry says. */
import type { AuditRecord, Json } from '../../audit/audit-event.ts';
import { ChainCheck, type ChainHead, type ChainProblem } from '../../audit/chain.ts';
import { entriesAfter, readHead } from '../audit-log.ts';
import type { Queryable } from '../database.ts';

/** A registered version as its row says. */
export interface VersionState {
  readonly model: string;
  readonly version: string;
  readonly digest: string | null;
  readonly stage: string | null;
  /** Where its last move went; null without one. */
  readonly lastMove: string | null;
}

/** What the log says of a version. */
export interface AuditedVersion {
  readonly digest: Json;
  readonly stage: Json;
}

/** The log as it was walked, with the registry of the same moment. */
export interface WalkedAudit {
  readonly entries: number;
  readonly head: ChainHead;
  readonly problems: readonly ChainProblem[];
  readonly versions: readonly VersionState[];
  /** By `versionKey`; deleted ones are not in it. */
  readonly audited: ReadonlyMap<string, AuditedVersion>;
}

const PAGE = 1_000;
const MOVES: readonly string[] = [
  ...['version.promoted', 'version.overridden', 'version.rolled_back', 'version.deprecated'],
];

/** Walks until log and registry stand still for the moment of looking at both. Memory: that of the versions. */
export async function auditWalk(db: Queryable): Promise<WalkedAudit> {
  const check = new ChainCheck();
  const audited = new Map<string, AuditedVersion>();
  let entries = 0;
  for (;;) {
    // In this order: what is appended after the first look makes the last one find more entries.
    const head = await readHead(db);
    const versions = await readVersions(db);
    const records = await entriesAfter(db, check.head.seq, PAGE);
    for (const record of records) {
      check.next(record);
      replay(record, audited);
    }
    entries += records.length;
    if (records.length > 0) continue;
    check.finish(head);
    return { entries, head: check.head, problems: check.problems, versions, audited };
  }
}

/** How the log and the registry name a version together. */
export function versionKey(model: string | null, version: string | null): string {
  return JSON.stringify([model, version]);
}

function replay({ action, model, subject, after }: AuditRecord, audited: Map<string, AuditedVersion>): void {
  const key = versionKey(model, subject);
  const { digest = null, stage = null } = (after ?? {}) as Readonly<Record<string, Json>>;
  if (action === 'version.saved') audited.set(key, { digest, stage });
  else if (action === 'version.deleted') audited.delete(key);
  else if (MOVES.includes(action)) audited.set(key, { digest: audited.get(key)?.digest ?? null, stage });
}

function readVersions(db: Queryable): Promise<VersionState[]> {
  return db
    .selectFrom('versions')
    .innerJoin('models', 'models.id', 'versions.model_id')
    .select((row) => [
      'models.name as model',
      'versions.name as version',
      'versions.digest',
      'versions.stage',
      row
        .selectFrom('transitions')
        .select('to_stage')
        .whereRef('transitions.version_id', '=', 'versions.id')
        .orderBy('transitions.id', 'desc')
        .limit(1)
        .as('lastMove'),
    ])
    .where('versions.registered', '=', 1)
    .orderBy('versions.id')
    .execute();
}
