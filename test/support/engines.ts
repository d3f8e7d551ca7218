/** Migrated databases of a test's own on both engines; the PostgreSQL half is skipped, saying so, where there is no server. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase, type Database, type DatabaseOptions } from '../../collector/src/storage/database.ts';
import { migrate } from '../../collector/src/storage/migrate.ts';
import { findPostgres, POSTGRES_MISSING, startPostgres, type Postgres } from './postgres.ts';

/** The engines a contract holds on. */
export const ENGINES = ['sqlite', 'postgres'] as const;
export type Engine = (typeof ENGINES)[number];

/** Call it at the top of a test file: it starts and ends what the tests need. */
export function useEngines() {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-engines-'));
  const binaries = findPostgres();
  let postgres: Postgres | undefined;
  let made = 0;
  const opened: Database[] = [];
  if (binaries === undefined) process.stderr.write(`${POSTGRES_MISSING}\n`);

  beforeAll(async () => {
    if (binaries !== undefined) postgres = await startPostgres(binaries);
  });
  afterEach(async () => {
    for (const database of opened.splice(0)) await database.close();
  });
  afterAll(async () => {
    await postgres?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const open = (options: DatabaseOptions): Database => {
    const database = openDatabase(options);
    opened.push(database);
    return database;
  };
  return {
    folder,
    /** `test`, or `test.skip` where the engine is missing. */
    testOn: (engine: Engine) => (engine === 'postgres' && binaries === undefined ? test.skip : test),
    /** Where an empty database is. */
    place: async (engine: Engine): Promise<DatabaseOptions> => {
      const dataFolder = join(folder, `data-${++made}`);
      return engine === 'postgres'
        ? { dataFolder, url: await (postgres as Postgres).createDatabase() }
        : { dataFolder };
    },
    /** Opens a database, to be closed after the test; the same place may be opened more than once. */
    open,
    /** A new, migrated one. */
    async database(this: { place(engine: Engine): Promise<DatabaseOptions> }, engine: Engine): Promise<Database> {
      const database = open(await this.place(engine));
      await migrate(database);
      return database;
    },
    postgres: () => postgres as Postgres,
  };
}
