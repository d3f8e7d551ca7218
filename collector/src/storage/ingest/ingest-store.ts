/** The store of ingest on either engine. */
import { sql } from 'kysely';
import type { KnownVersion } from '../../labels/declared-model.ts';
import type { IngestOutcome, IngestStore, IngestWork, SweepStep, VersionTally } from '../../labels/ingest-store.ts';
import type { Database } from '../database.ts';
import { lastActive, makeVersion, referenceOf, staged, versionById, versionsOf } from './catalog.ts';
import { PostgresWriter } from './postgres-writer.ts';
import { isRetirable, retire } from './retire.ts';
import { SqliteWriter } from './sqlite-writer.ts';
import { sweepExpired } from './sweep.ts';
import { addWindow, keepSelfReference, lastWindows, windowsOf } from './windows.ts';
import { whyUnavailable } from './why-unavailable.ts';

/** Milliseconds a transaction of another replica may take, and its clock be behind. */
const SETTLED = 5_000;

/** Makes the store over an open, migrated database. */
export function createIngestStore(database: Database): IngestStore {
  const { db } = database;
  return {
    ...writerOf(database),
    unavailable: whyUnavailable,
    versionsOf: (model) => versionsOf(db, model),
    makeVersion: (model, version, now) => makeVersion(db, model, version, now),
    versionById: (versionId) => versionById(db, versionId),
    referenceOf: (versionId) => referenceOf(db, versionId),
    staged: (limit) => staged(db, limit),
    lastActive: (versionIds) => lastActive(db, versionIds),
    tallies: () => talliesOf(database),
    settled: database.engine.name === 'postgres' ? SETTLED : 0,
    addWindow: (window) => addWindow(db, window),
    windows: (query) => windowsOf(db, query),
    lastWindows: () => lastWindows(db),
    keepSelfReference: (versionId, reference, now) => keepSelfReference(db, versionId, reference, now),
    expire: (version: KnownVersion, before: number, now: number): Promise<SweepStep> =>
      sweepExpired(db, version, before, now),
    isRetirable: (version, before) => isRetirable(db, version, before),
    retire: (version, before, fold) => retire(database, version, before, fold),
    lease: (name, holder, now, duration) => takeLease(database, { name, holder, now, duration }),
    setting: (name, value) => settingOf(database, name, value),
  };
}

/** SQLite has one connection, so one commit at a time; PostgreSQL works on one while the next is made ready. */
function writerOf({ db, engine }: Database): Pick<IngestStore, 'commit' | 'lanes'> {
  if (engine.name === 'postgres') {
    const writer = new PostgresWriter(engine.pool);
    return { lanes: 2, commit: (work) => writer.commit(work) };
  }
  const writer = new SqliteWriter(engine.sqlite);
  const commit = (work: IngestWork): Promise<IngestOutcome> =>
    // Held while it writes: other statements would land inside its transaction.
    db.connection().execute(() => Promise.resolve(writer.commit(work)));
  return { lanes: 1, commit };
}

async function talliesOf({ db }: Database): Promise<Map<number, VersionTally>> {
  const total = (column: string) => sql<number | string>`sum(${sql.ref(column)})`;
  const rows = await db
    .selectFrom('tallies')
    .select([
      'version_id',
      total('predictions').as('predictions'),
      total('labeled').as('labeled'),
      total('expired').as('expired'),
    ])
    .groupBy('version_id')
    .execute();
  // PostgreSQL sums bigint to numeric, which arrives as text.
  return new Map(
    rows.map(({ version_id, predictions, labeled, expired }) => [
      version_id,
      { predictions: Number(predictions), labeled: Number(labeled), expired: Number(expired) },
    ]),
  );
}

interface Lease {
  readonly name: string;
  readonly holder: string;
  readonly now: number;
  readonly duration: number;
}

async function takeLease({ db }: Database, { name, holder, now, duration }: Lease): Promise<boolean> {
  const expires = now + duration;
  const taken = await db
    .insertInto('leases')
    .values({ name, holder, expires_at: expires })
    .onConflict((conflict) =>
      conflict
        .column('name')
        .doUpdateSet({ holder, expires_at: expires })
        .where((row) => row.or([row('leases.holder', '=', holder), row('leases.expires_at', '<', now)])),
    )
    .returning('holder')
    .executeTakeFirst();
  return taken !== undefined;
}

async function settingOf({ db }: Database, name: string, value: string): Promise<string> {
  await db
    .insertInto('ingest_settings')
    .values({ name, value })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute();
  const kept = await db
    .selectFrom('ingest_settings')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirstOrThrow();
  return kept.value;
}
