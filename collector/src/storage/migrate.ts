/** Brings a database to the newest schema: forward only, under a lock, so that replicas that start together do it once. */
import type { Kysely } from 'kysely';
import { Migrator, type Migration } from 'kysely/migration';
import { errorText, PlumblineError } from '../errors.ts';
import type { Database } from './database.ts';
import * as experiments from './migrations/0004-experiments.ts';
import * as access from './migrations/0003-access.ts';
import * as ingest from './migrations/0002-ingest.ts';
import * as registry from './migrations/0001-registry.ts';
import type { Schema } from './schema.ts';

/** One step; what differs between the engines it asks for by name. */
export type MigrationStep = (db: Kysely<Schema>, engine: Database['engine']['name']) => Promise<void>;

/** In the order of their names. A step that has been released is never changed. */
const STEPS: Readonly<Record<string, MigrationStep>> = {
  '0001-registry': registry.up,
  '0002-ingest': ingest.up,
  '0003-access': access.up,
  '0004-experiments': experiments.up,
};

/**
 * Runs the steps that have not run yet.
 * @throws PlumblineError `migration_failed` naming the step; a database of a newer Plumbline is refused too
 */
export async function migrate({ db, engine }: Database): Promise<void> {
  const migrations = Object.entries(STEPS).map(([name, step]): [string, Migration] => [
    name,
    { up: (target) => step(target as Kysely<Schema>, engine.name) },
  ]);
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve(Object.fromEntries(migrations)) },
  });
  const { error, results = [] } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const failed = results.find(({ status }) => status === 'Error')?.migrationName ?? 'the schema';
  const help =
    'The data is as it was before this step. Check the free disk, the rights, and that no newer Plumbline wrote it.';
  throw new PlumblineError(
    'migration_failed',
    `The database could not be migrated (${failed}): ${errorText(error)}`,
    help,
    {
      cause: error,
    },
  );
}
