/** Offline evaluations. */
import type { Kysely } from 'kysely';
import type { Schema } from '../schema.ts';

/** Makes the table. */
export async function up(db: Kysely<Schema>): Promise<void> {
  await db.schema
    .createTable('evaluations')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('model_id', 'integer', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('reason', 'text')
    .addColumn('versions', 'text', (column) => column.notNull())
    .addColumn('actor', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('finished_at', 'bigint')
    .addColumn('alive_until', 'bigint', (column) => column.notNull())
    .addColumn('end_asked', 'integer', (column) => column.notNull())
    .addColumn('result', 'text')
    .addColumn('failed', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('evaluations_of_model')
    .on('evaluations')
    .columns(['model_id', 'created_at', 'id'])
    .execute();
}
