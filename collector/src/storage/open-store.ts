/** Opens the database of the service and brings it to the newest schema. */
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import { errorText, PlumblineError } from '../errors.ts';
import { openDatabase, type Database, type DatabaseOptions } from './database.ts';
import { migrate } from './migrate.ts';
import { reading } from './transact.ts';

/** How the opening behaves. */
export interface OpenOptions extends DatabaseOptions {
  /** Milliseconds a database that does not answer is waited for (default 0): containers start in any order. */
  readonly patience?: number;
  /** Told once why it waits. */
  readonly onWait?: (why: string) => void;
}

const PAUSE = 500;

/** @throws PlumblineError `unavailable` when it does not answer in time, `migration_failed` */
export async function openStore({ patience = 0, onWait, ...options }: OpenOptions): Promise<Database> {
  const database = opened(options);
  try {
    const until = performance.now() + patience;
    for (let told = false; ; told = true) {
      const away = await unavailable(database);
      if (!away) break;
      if (performance.now() >= until) throw away;
      if (!told) onWait?.(away.message);
      await delay(PAUSE);
    }
    await migrate(database);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** A file that cannot be opened is the folder's fault, and the folder is in the configuration. */
function opened(options: DatabaseOptions): Database {
  try {
    return openDatabase(options);
  } catch (error) {
    const message = `data: "${options.dataFolder}" cannot hold the database: ${errorText(error)}.`;
    const help = 'Name a folder this user may write, with --data or PLUMBLINE_DATA.';
    throw new PlumblineError('invalid_configuration', message, help, { cause: error });
  }
}

async function unavailable({ db }: Database): Promise<PlumblineError | undefined> {
  try {
    await reading(sql`select 1`.execute(db));
    return undefined;
  } catch (error) {
    if (error instanceof PlumblineError && error.code === 'unavailable') return error;
    throw error;
  }
}
