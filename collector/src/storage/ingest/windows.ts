/** Closed windows, and references made of first predictions. */
import { sql, type Selectable } from 'kysely';
import type { ReferenceProfile } from '../../distribution/reference.ts';
import type { WindowsQuery } from '../../labels/ingest-store.ts';
import type { StoredVerdict, StoredWindow, WindowSource } from '../../labels/stored-window.ts';
import type { Queryable } from '../database.ts';
import type { IngestTables } from '../tables/ingest.ts';

/** Windows kept of a version and source. */
const KEPT = 200;

/** Keeps a window, unless there is one of this number. */
export async function addWindow(db: Queryable, window: StoredWindow): Promise<void> {
  const { versionId, source } = window;
  await db
    .insertInto('drift_windows')
    .values(rowOf(window))
    .onConflict((conflict) => conflict.columns(['version_id', 'source', 'number']).doNothing())
    .execute();
  const all = windowsQuery(db, versionId, source);
  const oldest = await all.select('number').orderBy('number', 'desc').offset(KEPT).limit(1).executeTakeFirst();
  if (!oldest) return;
  await db
    .deleteFrom('drift_windows')
    .where('version_id', '=', versionId)
    .where('source', '=', source)
    .where('number', '<=', oldest.number)
    .execute();
}

/** Newest first. */
export async function windowsOf(db: Queryable, query: WindowsQuery): Promise<StoredWindow[]> {
  const { versionId, source, limit, before = Number.MAX_SAFE_INTEGER } = query;
  const rows = await windowsQuery(db, versionId, source)
    .selectAll()
    .where('closed_at', '<', before)
    .orderBy('number', 'desc')
    .limit(limit)
    .execute();
  return rows.map(windowOf);
}

function windowsQuery(db: Queryable, versionId: number, source: WindowSource) {
  return db.selectFrom('drift_windows').where('version_id', '=', versionId).where('source', '=', source);
}

/** Number of the last window by version. */
export async function lastWindows(db: Queryable): Promise<Map<number, number>> {
  const rows = await db
    .selectFrom('drift_windows')
    .select(['version_id', sql<number>`max(number)`.as('number')])
    .where('source', '=', 'store')
    .groupBy('version_id')
    .execute();
  return new Map(rows.map(({ version_id, number }) => [version_id, number]));
}

/** Keeps a reference, unless there is one. */
export async function keepSelfReference(
  db: Queryable,
  versionId: number,
  reference: ReferenceProfile,
  now: number,
): Promise<void> {
  await db
    .insertInto('self_references')
    .values({ version_id: versionId, reference: JSON.stringify(reference), created_at: now })
    .onConflict((conflict) => conflict.column('version_id').doNothing())
    .execute();
}

type WindowRow = Selectable<IngestTables['drift_windows']>;

function rowOf({ after, last, ...window }: StoredWindow): WindowRow {
  return {
    version_id: window.versionId,
    source: window.source,
    number: window.number,
    start_position: window.start,
    end_position: window.end,
    ...{ after_arrived: after.arrived, after_seq: after.seq, last_arrived: last.arrived, last_seq: last.seq },
    reference: window.reference,
    counts: JSON.stringify(window.counts),
    verdict: window.verdict && JSON.stringify(window.verdict),
    closed_at: window.closedAt,
  };
}

function windowOf(row: WindowRow): StoredWindow {
  return {
    versionId: row.version_id,
    source: row.source as WindowSource,
    number: row.number,
    start: row.start_position,
    end: row.end_position,
    after: { arrived: row.after_arrived, seq: row.after_seq },
    last: { arrived: row.last_arrived, seq: row.last_seq },
    reference: row.reference,
    counts: JSON.parse(row.counts) as StoredWindow['counts'],
    verdict: row.verdict === null ? null : (JSON.parse(row.verdict) as StoredVerdict),
    closedAt: row.closed_at,
  };
}
