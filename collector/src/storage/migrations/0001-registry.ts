/** Models, versions, moves, audit log. */
import { sql, type Kysely } from 'kysely';
import type { Schema } from '../schema.ts';
import type { Database } from '../database.ts';
import { identity } from './columns.ts';

/** Makes the tables. */
export async function up(db: Kysely<Schema>, engine: EngineName): Promise<void> {
  await createVersions(db, engine);
  await createTransitions(db, engine);
  await createAudit(db);
}

type EngineName = Database['engine']['name'];

async function createVersions(db: Kysely<Schema>, engine: EngineName): Promise<void> {
  await db.schema
    .createTable('models')
    .addColumn('id', ...identity(engine))
    .addColumn('name', 'text', (column) => column.notNull().unique())
    .addColumn('registered', 'integer', (column) => column.notNull())
    .addColumn('declaration', 'text', (column) => column.notNull())
    .addColumn('policy', 'text')
    .addColumn('policy_revision', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('versions')
    .addColumn('id', ...identity(engine))
    .addColumn('model_id', 'integer', (column) => column.notNull().references('models.id'))
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('registered', 'integer', (column) => column.notNull())
    .addColumn('stage', 'text')
    .addColumn('description', 'text', (column) => column.notNull())
    .addColumn('origin', 'text')
    .addColumn('digest', 'text')
    .addColumn('aliases', 'text', (column) => column.notNull())
    .addColumn('tags', 'text', (column) => column.notNull())
    .addColumn('files', 'text', (column) => column.notNull())
    .addColumn('metrics', 'text', (column) => column.notNull())
    .addColumn('reference', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addUniqueConstraint('versions_name', ['model_id', 'name'])
    .execute();
  // The database itself refuses a second version in production, whatever two replicas do at once.
  await db.schema
    .createIndex('versions_production')
    .on('versions')
    .column('model_id')
    .unique()
    .where(sql.ref('stage'), '=', 'production')
    .execute();
}

async function createTransitions(db: Kysely<Schema>, engine: EngineName): Promise<void> {
  await db.schema
    .createTable('transitions')
    .addColumn('id', ...identity(engine))
    .addColumn('model_id', 'integer', (column) => column.notNull().references('models.id'))
    .addColumn('version_id', 'integer', (column) => column.notNull())
    .addColumn('from_stage', 'text', (column) => column.notNull())
    .addColumn('to_stage', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('actor', 'text', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('evidence', 'text', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('transitions_time').on('transitions').columns(['model_id', 'at']).execute();
}

async function createAudit(db: Kysely<Schema>): Promise<void> {
  await db.schema
    .createTable('audit')
    .addColumn('seq', 'bigint', (column) => column.primaryKey())
    .addColumn('time', 'bigint', (column) => column.notNull())
    .addColumn('action', 'text', (column) => column.notNull())
    .addColumn('model', 'text')
    .addColumn('subject', 'text')
    .addColumn('actor', 'text', (column) => column.notNull())
    .addColumn('reason', 'text')
    .addColumn('evidence', 'text', (column) => column.notNull())
    .addColumn('before_state', 'text', (column) => column.notNull())
    .addColumn('after_state', 'text', (column) => column.notNull())
    .addColumn('request_id', 'text')
    .addColumn('hash', 'text', (column) => column.notNull())
    .execute();
}
