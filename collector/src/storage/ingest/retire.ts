/** Removes predictions that retention no longer keeps, a few at a time; what they add up to stays, by the hour. */
import { sql } from 'kysely';
import type { KnownVersion } from '../../labels/declared-model.ts';
import { hourOf } from '../../labels/fold-rows.ts';
import type { Fold, RetireStep } from '../../labels/ingest-store.ts';
import type { FoldedHour, StoredRow } from '../../labels/stored-rows.ts';
import type { Database, Queryable, Writing } from '../database.ts';
import { sweptTo } from './sweep.ts';

/** Predictions removed in one step: a few milliseconds, in which nobody else can write to SQLite. */
const STEP = 200;

/** Whether there is anything to remove. */
export async function isRetirable(db: Queryable, version: KnownVersion, before: number): Promise<boolean> {
  return (await oldest(db, version, before, 1)).length > 0;
}

/** One step. @param before predictions that arrived earlier are not kept, epoch ms; those that wait for a label are */
export async function retire(
  { db, engine }: Database,
  version: KnownVersion,
  before: number,
  fold: Fold,
): Promise<RetireStep> {
  return db.transaction().execute(async (writing) => {
    // Whoever else believes to lead waits here, and then finds other predictions.
    if (engine.name === 'postgres')
      await writing
        .selectFrom('sweeps')
        .select('seq')
        .where('version_id', '=', version.versionId)
        .forUpdate()
        .execute();
    const rows = await oldest(writing, version, before, STEP);
    for (const hour of fold(rows, await foldedBefore(writing, version, rows))) await keep(writing, version, hour);
    const seqs = rows.map(({ seq }) => seq);
    if (seqs.length > 0) {
      await writing.deleteFrom('labels').where('seq', 'in', seqs).execute();
      await writing.deleteFrom('predictions').where('seq', 'in', seqs).execute();
    }
    return { more: rows.length === STEP };
  });
}

/** Predictions that are labelled or expired, the first ones. */
async function oldest(db: Queryable, { versionId }: KnownVersion, before: number, limit: number): Promise<StoredRow[]> {
  const swept = await sweptTo(db, versionId);
  const { rows } = await sql<StoredRow>`
    select p.seq, p.arrived, p.time, p.prediction, p.score, p.scores, p.segment, null as features,
      l.seq as label_seq, l.label
    from predictions p join labels l on l.seq = p.seq
    where p.version_id = ${versionId} and p.arrived < ${before} and (p.arrived, p.seq) <= (${swept.arrived}, ${swept.seq})
    order by p.arrived, p.seq limit ${limit}`.execute(db);
  return rows;
}

async function foldedBefore(
  writing: Writing,
  version: KnownVersion,
  rows: readonly StoredRow[],
): Promise<FoldedHour[]> {
  const hours = [...new Set(rows.map((row) => hourOf(row, version).hour))];
  if (hours.length === 0) return [];
  const found = await writing
    .selectFrom('hourly_outcomes')
    .select(['hour', 'segment', 'folded'])
    .where('version_id', '=', version.versionId)
    .where('hour', 'in', hours)
    .execute();
  return found.map((row) => ({ ...row, folded: JSON.parse(row.folded) as FoldedHour['folded'] }));
}

async function keep(writing: Writing, { versionId }: KnownVersion, hour: FoldedHour): Promise<void> {
  const folded = JSON.stringify(hour.folded);
  await writing
    .insertInto('hourly_outcomes')
    .values({ version_id: versionId, hour: hour.hour, segment: hour.segment, folded })
    .onConflict((conflict) => conflict.columns(['version_id', 'hour', 'segment']).doUpdateSet({ folded }))
    .execute();
}
