/** Predictions, labels, windows. */
import { sql, type Kysely } from 'kysely';
import type { Database } from '../database.ts';
import type { Schema } from '../schema.ts';
import { bytes, identity } from './columns.ts';

type EngineName = Database['engine']['name'];

/** Makes the tables. */
export async function up(db: Kysely<Schema>, engine: EngineName): Promise<void> {
  await createPredictions(db, engine);
  await createLabels(db, engine);
  await createBookkeeping(db);
  await createDerived(db);
}

async function createPredictions(db: Kysely<Schema>, engine: EngineName): Promise<void> {
  await db.schema
    .createTable('predictions')
    .addColumn('seq', ...identity(engine))
    .addColumn('version_id', 'integer', (column) => column.notNull())
    .addColumn('arrived', 'bigint', (column) => column.notNull())
    .addColumn('time', 'bigint', (column) => column.notNull())
    .addColumn('id_key', bytes(engine), (column) => column.notNull())
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('prediction', 'text', (column) => column.notNull())
    .addColumn('score', 'double precision')
    .addColumn('scores', 'text')
    .addColumn('segment', 'text')
    .addColumn('duration', 'double precision')
    .addColumn('features', 'text')
    .addColumn('routing_key', 'text')
    .addColumn('experiment', 'text')
    .addColumn('shadow_of', bytes(engine))
    .execute();
  await db.schema.createIndex('predictions_id').on('predictions').column('id_key').unique().execute();
  // In the order of arrival: new rows go to its end, where a random order would touch a page each.
  await db.schema
    .createIndex('predictions_arrival')
    .on('predictions')
    .columns(['version_id', 'arrived', 'seq'])
    .execute();
  await db.schema
    .createIndex('predictions_shadow')
    .on('predictions')
    .column('shadow_of')
    .where(sql.ref('shadow_of'), 'is not', null)
    .execute();
}

async function createLabels(db: Kysely<Schema>, engine: EngineName): Promise<void> {
  await db.schema
    .createTable('labels')
    // SQLite finds rows by an `integer primary key` without an index of its own.
    .addColumn('seq', engine === 'postgres' ? 'bigint' : 'integer', (column) => column.primaryKey())
    .addColumn('label', 'text')
    .addColumn('time', 'bigint', (column) => column.notNull())
    .addColumn('late', 'integer', (column) => column.notNull())
    .execute();
}

async function createBookkeeping(db: Kysely<Schema>): Promise<void> {
  await db.schema
    .createTable('tallies')
    .addColumn('version_id', 'integer', (column) => column.notNull())
    .addColumn('stripe', 'integer', (column) => column.notNull())
    .addColumn('predictions', 'bigint', (column) => column.notNull())
    .addColumn('labeled', 'bigint', (column) => column.notNull())
    .addColumn('expired', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('tallies_key', ['version_id', 'stripe'])
    .execute();
  await db.schema
    .createTable('sweeps')
    .addColumn('version_id', 'integer', (column) => column.primaryKey())
    .addColumn('arrived', 'bigint', (column) => column.notNull())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('ingest_settings')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('value', 'text', (column) => column.notNull())
    .execute();
}

async function createDerived(db: Kysely<Schema>): Promise<void> {
  await db.schema
    .createTable('drift_windows')
    .addColumn('version_id', 'integer', (column) => column.notNull())
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('number', 'bigint', (column) => column.notNull())
    .addColumn('start_position', 'bigint', (column) => column.notNull())
    .addColumn('end_position', 'bigint', (column) => column.notNull())
    .addColumn('after_arrived', 'bigint', (column) => column.notNull())
    .addColumn('after_seq', 'bigint', (column) => column.notNull())
    .addColumn('last_arrived', 'bigint', (column) => column.notNull())
    .addColumn('last_seq', 'bigint', (column) => column.notNull())
    .addColumn('reference', 'text')
    .addColumn('counts', 'text', (column) => column.notNull())
    .addColumn('verdict', 'text')
    .addColumn('closed_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('drift_windows_key', ['version_id', 'source', 'number'])
    .execute();
  await db.schema
    .createTable('self_references')
    .addColumn('version_id', 'integer', (column) => column.primaryKey())
    .addColumn('reference', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('hourly_outcomes')
    .addColumn('version_id', 'integer', (column) => column.notNull())
    .addColumn('hour', 'bigint', (column) => column.notNull())
    .addColumn('segment', 'text', (column) => column.notNull())
    .addColumn('folded', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('hourly_outcomes_key', ['version_id', 'hour', 'segment'])
    .execute();
}
