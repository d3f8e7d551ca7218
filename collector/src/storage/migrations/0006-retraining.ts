/** Runs of retraining, and what the registry knows of how a version was validated. */
import { sql, type Kysely } from 'kysely';
import type { Database } from '../database.ts';
import type { Schema } from '../schema.ts';
import { identity } from './columns.ts';

/** Makes the tables. */
export async function up(db: Kysely<Schema>, engine: Database['engine']['name']): Promise<void> {
  await db.schema
    .createTable('retraining_runs')
    .addColumn('seq', ...identity(engine))
    .addColumn('run', 'text', (column) => column.notNull().unique())
    .addColumn('model_id', 'integer', (column) => column.notNull().references('models.id'))
    .addColumn('trigger', 'text', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('actor', 'text', (column) => column.notNull())
    .addColumn('steps', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('outcome', 'text')
    .addColumn('incumbent', 'text')
    .addColumn('version', 'text')
    .addColumn('policy_revision', 'integer', (column) => column.notNull())
    .addColumn('log', 'text', (column) => column.notNull())
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('heartbeat', 'bigint', (column) => column.notNull())
    .addColumn('cancel_requested', 'integer', (column) => column.notNull())
    .addColumn('callback_hash', 'text')
    .addColumn('started_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addColumn('ended_at', 'bigint')
    .execute();
  await db.schema.createIndex('retraining_runs_model').on('retraining_runs').columns(['model_id', 'seq']).execute();
  // One run of a model at a time, whatever the code above it does.
  await db.schema
    .createIndex('retraining_runs_one')
    .on('retraining_runs')
    .column('model_id')
    .unique()
    .where(sql.ref('ended_at'), 'is', null)
    .execute();
  await db.schema
    .createTable('retraining_alerts')
    .addColumn('model_id', 'integer', (column) => column.notNull().references('models.id'))
    .addColumn('alert', 'text', (column) => column.notNull())
    .addColumn('run', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('retraining_alerts_key', ['model_id', 'alert'])
    .execute();
  await db.schema
    .createTable('retraining_marks')
    .addColumn('model_id', 'integer', (column) => column.notNull().references('models.id'))
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('value', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('retraining_marks_key', ['model_id', 'name'])
    .execute();
  await db.schema.alterTable('versions').addColumn('validation', 'text').execute();
}
