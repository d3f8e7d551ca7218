/** Predictions and labels. */
import type { Kysely } from 'kysely';
import type { Database } from '../database.ts';
import type { Schema } from '../schema.ts';
import { bytes, identity } from './columns.ts';

/** Makes the tables. */
export async function up(db: Kysely<Schema>, engine: Database['engine']['name']): Promise<void> {
  await db.schema
    .createTable('predictions')
    .addColumn('seq', ...identity(engine))
    .addColumn('version_id', 'integer', (column) => column.notNull())
    .addColumn('id_key', bytes(engine), (column) => column.notNull().unique())
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('time', 'bigint', (column) => column.notNull())
    .addColumn('arrived', 'bigint', (column) => column.notNull())
    .addColumn('prediction', 'text', (column) => column.notNull())
    .addColumn('label', 'text')
    .execute();
}
