/** Kysely on Node's own SQLite: write-ahead log, durable at commit. */
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import {
  CompiledQuery,
  SqliteAdapter,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type DatabaseConnection,
  type Dialect,
  type SqliteDatabase,
  type SqliteStatement,
} from 'kysely';
import { errorText } from '../errors.ts';

/** Prepared statements kept; queries are few, so it is reached only by texts made at run time. */
const MAX_STATEMENTS = 500;
/** How long a write waits for another process to end its own, in milliseconds. */
const BUSY_TIMEOUT = 5_000;

/** Pages held in memory, in KiB: the index of ids is touched at random. */
const CACHE_KIB = 65_536;
/** Pages of the log (4 KiB each) before they are copied into the database: a page of that index is then copied once for many rows. Measured: ingest is half as fast again as with the default of 1,000. */
const CHECKPOINT_PAGES = 16_000;

/** Statements that give rows, whatever else they do. */
const READS = /^\s*(?:select|with|pragma|explain|values)\b|\breturning\b/i;

/** Opens a database file, made where there is none. Every commit is on the disk when it returns. */
export function openSqlite(path: string): DatabaseSync {
  const database = new DatabaseSync(path);
  database.exec(`pragma busy_timeout = ${BUSY_TIMEOUT}`);
  database.exec('pragma journal_mode = wal');
  database.exec('pragma synchronous = full');
  database.exec('pragma foreign_keys = on');
  database.exec(`pragma cache_size = -${CACHE_KIB}`);
  database.exec(`pragma wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  return database;
}

/** The dialect over an open database. Its transactions write, so they take the lock when they begin and cannot fail to get it later. */
export function sqliteDialect(database: DatabaseSync): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new WritingDriver({ database: new StatementCache(database) }),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

class WritingDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }

  /** Where the disk is full or broken SQLite has rolled back by itself, and that error is the one to tell. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    try {
      await super.rollbackTransaction(connection);
    } catch (error) {
      if (!/no transaction is active/.test(errorText(error))) throw error;
    }
  }
}

class StatementCache implements SqliteDatabase {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, SqliteStatement>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  prepare(sql: string): SqliteStatement {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = asKysely(this.#database.prepare(sql), READS.test(sql));
    if (this.#statements.size >= MAX_STATEMENTS) this.#statements.clear();
    this.#statements.set(sql, statement);
    return statement;
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }
}

function asKysely(statement: StatementSync, reader: boolean): SqliteStatement {
  const values = (parameters: readonly unknown[]) => parameters as readonly SQLInputValue[];
  return {
    reader,
    all: (parameters) => statement.all(...values(parameters)),
    run: (parameters) => statement.run(...values(parameters)),
    iterate: (parameters) => statement.iterate(...values(parameters)),
  };
}
