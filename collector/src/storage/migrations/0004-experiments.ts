/** Experiments, their epochs, and the units they are compared by. */
import { sql, type Kysely } from 'kysely';
import type { Database } from '../database.ts';
import type { Schema } from '../schema.ts';
import { byteOrdered, bytes, identity } from './columns.ts';

type EngineName = Database['engine']['name'];

/** Makes the tables. */
export async function up(db: Kysely<Schema>, engine: EngineName): Promise<void> {
  await createExperiments(db, engine);
  await createEpochs(db);
  await createUnits(db, engine);
  await createProgress(db);
}

async function createExperiments(db: Kysely<Schema>, engine: EngineName): Promise<void> {
  await db.schema
    .createTable('experiments')
    .addColumn('id', ...identity(engine))
    .addColumn('model_id', 'integer', (column) => column.notNull().references('models.id'))
    .addColumn('name', byteOrdered(engine), (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('revision', 'integer', (column) => column.notNull())
    .addColumn('salt', 'text', (column) => column.notNull())
    .addColumn('rules', 'text', (column) => column.notNull())
    .addColumn('course', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('started_at', 'bigint')
    .addColumn('ended_at', 'bigint')
    .addUniqueConstraint('experiments_name', ['model_id', 'name'])
    .execute();
  // The database itself refuses a second running experiment of a model, whatever two replicas do at once.
  await db.schema
    .createIndex('experiments_running')
    .on('experiments')
    .column('model_id')
    .unique()
    .where(sql.ref('state'), '=', 'running')
    .execute();
}

async function createEpochs(db: Kysely<Schema>): Promise<void> {
  await db.schema
    .createTable('experiment_epochs')
    .addColumn('experiment_id', 'integer', (column) => column.notNull().references('experiments.id'))
    .addColumn('number', 'integer', (column) => column.notNull())
    .addColumn('since', 'bigint', (column) => column.notNull())
    .addColumn('until', 'bigint')
    .addColumn('cause', 'text', (column) => column.notNull())
    .addColumn('weights', 'text', (column) => column.notNull())
    .addColumn('ranges', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('experiment_epochs_key', ['experiment_id', 'number'])
    .execute();
}

async function createUnits(db: Kysely<Schema>, engine: EngineName): Promise<void> {
  await db.schema
    .createTable('experiment_units')
    .addColumn('experiment_id', 'integer', (column) => column.notNull().references('experiments.id'))
    .addColumn('arrived', 'bigint', (column) => column.notNull())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('unit', bytes(engine))
    .addColumn('version_id', 'integer', (column) => column.notNull())
    .addColumn('epoch', 'integer', (column) => column.notNull())
    .addColumn('predictions', 'text')
    .addColumn('durations', 'text')
    .addColumn('outcome', 'text')
    // Read in the order of the first exposures; new ones go to the end.
    .addPrimaryKeyConstraint('experiment_units_key', ['experiment_id', 'arrived', 'seq'])
    .execute();
  await db.schema
    .createIndex('experiment_units_unit')
    .on('experiment_units')
    .columns(['experiment_id', 'unit'])
    .unique()
    .where(sql.ref('unit'), 'is not', null)
    .execute();
}

async function createProgress(db: Kysely<Schema>): Promise<void> {
  await db.schema
    .createTable('experiment_progress')
    .addColumn('experiment_id', 'integer', (column) => column.primaryKey().references('experiments.id'))
    .addColumn('arrived', 'bigint', (column) => column.notNull())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('cut_arrived', 'bigint', (column) => column.notNull())
    .addColumn('cut_seq', 'bigint', (column) => column.notNull())
    .addColumn('entered_arrived', 'bigint', (column) => column.notNull())
    .addColumn('entered_seq', 'bigint', (column) => column.notNull())
    .addColumn('reading', 'text')
    .addColumn('read_at', 'bigint')
    .addColumn('finished', 'integer', (column) => column.notNull())
    .execute();
}
