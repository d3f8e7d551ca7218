/** Models, versions, moves, audit log. */
import { sql, type Kysely } from 'kysely';
import { GENESIS } from '../../audit/chain.ts';
import type { Schema } from '../schema.ts';
import type { Database } from '../database.ts';
import { byteOrdered, identity } from './columns.ts';

/** Makes the tables. */
export async function up(db: Kysely<Schema>, engine: EngineName): Promise<void> {
  await createModels(db, engine);
  await createVersions(db, engine);
  await createAliases(db, engine);
  await createTransitions(db, engine);
  await createAudit(db);
  await forbidChanges(db, engine);
}

type EngineName = Database['engine']['name'];

async function createModels(db: Kysely<Schema>, engine: EngineName): Promise<void> {
  await db.schema
    .createTable('models')
    .addColumn('id', ...identity(engine))
    .addColumn('name', byteOrdered(engine), (column) => column.notNull().unique())
    .addColumn('registered', 'integer', (column) => column.notNull())
    .addColumn('declaration', 'text', (column) => column.notNull())
    .addColumn('policy', 'text')
    .addColumn('policy_revision', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('last_number', 'bigint', (column) => column.notNull().defaultTo(0))
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();
}

async function createVersions(db: Kysely<Schema>, engine: EngineName): Promise<void> {
  await db.schema
    .createTable('versions')
    .addColumn('id', ...identity(engine))
    .addColumn('model_id', 'integer', (column) => column.notNull().references('models.id'))
    .addColumn('name', byteOrdered(engine), (column) => column.notNull())
    .addColumn('registered', 'integer', (column) => column.notNull())
    .addColumn('stage', 'text')
    .addColumn('description', 'text', (column) => column.notNull())
    .addColumn('origin', 'text')
    .addColumn('digest', 'text')
    .addColumn('artifact', 'text', (column) => column.unique())
    .addColumn('tags', 'text', (column) => column.notNull())
    .addColumn('files', 'text', (column) => column.notNull())
    .addColumn('metrics', 'text', (column) => column.notNull())
    .addColumn('reference', 'text')
    .addColumn('reference_digest', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('deleted_at', 'bigint')
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

async function createAliases(db: Kysely<Schema>, engine: EngineName): Promise<void> {
  await db.schema
    .createTable('version_aliases')
    .addColumn('model_id', 'integer', (column) => column.notNull().references('models.id'))
    .addColumn('alias', byteOrdered(engine), (column) => column.notNull())
    .addColumn('version_id', 'integer', (column) => column.notNull().references('versions.id'))
    .addPrimaryKeyConstraint('version_aliases_key', ['model_id', 'alias'])
    .execute();
  await db.schema.createIndex('version_aliases_version').on('version_aliases').column('version_id').execute();
}

async function createTransitions(db: Kysely<Schema>, engine: EngineName): Promise<void> {
  await db.schema
    .createTable('transitions')
    .addColumn('id', ...identity(engine))
    .addColumn('model_id', 'integer', (column) => column.notNull().references('models.id'))
    .addColumn('version_id', 'integer', (column) => column.notNull().references('versions.id'))
    .addColumn('from_stage', 'text', (column) => column.notNull())
    .addColumn('to_stage', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('actor', 'text', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('evidence', 'text', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('transitions_time').on('transitions').columns(['model_id', 'at', 'id']).execute();
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
  await db.schema.createIndex('audit_model').on('audit').columns(['model', 'seq']).execute();
  await db.schema
    .createTable('audit_head')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .execute();
  await db.insertInto('audit_head').values({ id: 1, seq: 0, hash: GENESIS }).execute();
}

/** Entries are only ever appended: a slip in a query of ours, or of somebody at the prompt, is refused by the database. */
async function forbidChanges(db: Kysely<Schema>, engine: EngineName): Promise<void> {
  if (engine === 'postgres') {
    await sql`
      create function plumbline_audit_is_append_only() returns trigger language plpgsql as
      $$ begin raise exception 'the audit log is append-only'; end $$`.execute(db);
    await sql`
      create trigger audit_append_only before update or delete or truncate on audit
      for each statement execute function plumbline_audit_is_append_only()`.execute(db);
    return;
  }
  for (const change of ['update', 'delete'])
    await sql`
      create trigger ${sql.ref(`audit_no_${change}`)} before ${sql.raw(change)} on audit
      begin select raise(abort, 'the audit log is append-only'); end`.execute(db);
}
