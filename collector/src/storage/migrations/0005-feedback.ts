/** Feedback. */
import { sql, type Kysely } from 'kysely';
import type { Database } from '../database.ts';
import type { Schema } from '../schema.ts';
import { byteOrdered, bytes, identity } from './columns.ts';

/** Makes the table. */
export async function up(db: Kysely<Schema>, engine: Database['engine']['name']): Promise<void> {
  await db.schema
    .createTable('feedback')
    .addColumn('seq', ...identity(engine))
    .addColumn('key', byteOrdered(engine), (column) => column.notNull())
    .addColumn('model_id', 'integer', (column) => column.notNull())
    .addColumn('version_id', 'integer', (column) => column.notNull())
    .addColumn('id_key', bytes(engine), (column) => column.notNull())
    .addColumn('prediction_id', 'text', (column) => column.notNull())
    .addColumn('identifier', 'text')
    .addColumn('digest', 'text', (column) => column.notNull())
    .addColumn('correct', 'integer', (column) => column.notNull())
    .addColumn('corrected_label', 'text')
    .addColumn('input', 'text')
    .addColumn('explanation', 'text')
    .addColumn('annotator_kind', 'text')
    .addColumn('annotator_name', 'text')
    .addColumn('score', 'double precision')
    .addColumn('time', 'bigint', (column) => column.notNull())
    .addColumn('arrived', 'bigint', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('label', 'text')
    .addColumn('prediction_arrived', 'bigint')
    .addColumn('prediction_seq', 'bigint')
    .addColumn('reviewed_at', 'bigint')
    .addColumn('reviewer', 'text')
    .addColumn('reason', 'text')
    .addColumn('revision', 'integer', (column) => column.notNull())
    .execute();
  await createIndexes(db);
}

async function createIndexes(db: Kysely<Schema>): Promise<void> {
  await db.schema.createIndex('feedback_key').on('feedback').column('key').unique().execute();
  // The queue: all items of a model, or those of one status, by arrival.
  await db.schema.createIndex('feedback_queue').on('feedback').columns(['model_id', 'seq']).execute();
  await db.schema.createIndex('feedback_status').on('feedback').columns(['model_id', 'status', 'seq']).execute();
  // Training examples, and what was accepted for one prediction.
  await db.schema
    .createIndex('feedback_accepted')
    .on('feedback')
    .columns(['model_id', 'prediction_arrived', 'prediction_seq'])
    .where(sql.ref('prediction_seq'), 'is not', null)
    .execute();
  await db.schema
    .createIndex('feedback_prediction')
    .on('feedback')
    .column('prediction_seq')
    .where(sql.ref('prediction_seq'), 'is not', null)
    .execute();
}
