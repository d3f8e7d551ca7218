/** Marks predictions as expired whose label nobody waits for any more, a few at a time. */
import { sql } from 'kysely';
import type { KnownVersion } from '../../labels/declared-model.ts';
import type { LabelEvent, SweepStep } from '../../labels/ingest-store.ts';
import { BEGINNING, type Place } from '../../labels/place.ts';
import type { Queryable, Writing } from '../database.ts';
import { applyLabel, LABEL_ROW, type LabelRow } from './label-rows.ts';

/** Predictions looked at in one step: a few milliseconds, in which nobody else can write to SQLite. */
const STEP = 1_000;

type SweptRow = LabelRow & {
  readonly arrived: number;
  readonly primary_label: string | null;
  readonly primary_time: number | null;
};

/** One step. @param before predictions that arrived earlier have waited long enough, epoch ms */
export async function sweepExpired(
  db: Queryable,
  version: KnownVersion,
  before: number,
  now: number,
): Promise<SweepStep> {
  // A look outside of a transaction: where there is nothing to do nobody is kept waiting.
  if ((await nextRows(db, version.versionId, before, 1)).length === 0) return { expired: 0, events: [], more: false };
  return db.transaction().execute(async (writing) => {
    const rows = await nextRows(writing, version.versionId, before, STEP);
    const waiting = rows.filter(({ label_seq }) => label_seq === null);
    const events: LabelEvent[] = [];
    const written = waiting.map((row) => {
      if (row.primary_label === null) return { seq: row.seq, label: null, time: now, late: 0 };
      // A shadow that missed the label of its prediction, since both were written at the same moment.
      const label = { label: row.primary_label, time: row.primary_time ?? now };
      const { event, kept } = applyLabel(row, undefined, label, version.policy.deadline);
      events.push(event);
      return { seq: row.seq, ...label, late: Number(kept?.late ?? false) };
    });
    const added = new Set(await addLabels(writing, written));
    const isAdded = written.filter(({ seq }) => added.has(seq));
    const expired = isAdded.filter(({ label }) => label === null).length;
    await addTally(writing, version.versionId, isAdded.length - expired, expired);
    const last = rows.at(-1);
    if (last) await moveTo(writing, version.versionId, last);
    return { expired, events, more: rows.length === STEP };
  });
}

/** How far the sweep has come with a version. */
export async function sweptTo(db: Queryable, versionId: number): Promise<Place> {
  const place = await db
    .selectFrom('sweeps')
    .select(['arrived', 'seq'])
    .where('version_id', '=', versionId)
    .executeTakeFirst();
  return place ?? BEGINNING;
}

async function nextRows(db: Queryable, versionId: number, before: number, limit: number): Promise<SweptRow[]> {
  const { arrived, seq } = await sweptTo(db, versionId);
  const { rows } = await sql<SweptRow>`
    select ${sql.raw(LABEL_ROW)}, p.arrived,
      (select pl.label from predictions pp join labels pl on pl.seq = pp.seq where pp.id_key = p.shadow_of) as primary_label,
      (select pl.time from predictions pp join labels pl on pl.seq = pp.seq where pp.id_key = p.shadow_of) as primary_time
    from predictions p left join labels l on l.seq = p.seq
    where p.version_id = ${versionId} and (p.arrived, p.seq) > (${arrived}, ${seq}) and p.arrived < ${before}
    order by p.arrived, p.seq limit ${limit}`.execute(db);
  return rows;
}

/** @returns those that had no label until now */
async function addLabels(
  writing: Writing,
  rows: readonly {
    readonly seq: number;
    readonly label: string | null;
    readonly time: number;
    readonly late: number;
  }[],
): Promise<number[]> {
  if (rows.length === 0) return [];
  const added = await writing
    .insertInto('labels')
    .values([...rows].sort((a, b) => a.seq - b.seq))
    .onConflict((conflict) => conflict.column('seq').doNothing())
    .returning('seq')
    .execute();
  return added.map(({ seq }) => seq);
}

async function addTally(writing: Writing, versionId: number, labeled: number, expired: number): Promise<void> {
  if (labeled + expired === 0) return;
  await writing
    .insertInto('tallies')
    .values({ version_id: versionId, stripe: SWEEP_STRIPE, predictions: 0, labeled, expired })
    .onConflict((conflict) =>
      conflict.columns(['version_id', 'stripe']).doUpdateSet((row) => ({
        labeled: sql<number>`${row.ref('tallies.labeled')} + ${labeled}`,
        expired: sql<number>`${row.ref('tallies.expired')} + ${expired}`,
      })),
    )
    .execute();
}

/** Only one replica sweeps. */
const SWEEP_STRIPE = -1;

async function moveTo(writing: Writing, versionId: number, { arrived, seq }: Place): Promise<void> {
  await writing
    .insertInto('sweeps')
    .values({ version_id: versionId, arrived, seq })
    .onConflict((conflict) => conflict.column('version_id').doUpdateSet({ arrived, seq }))
    .execute();
}
