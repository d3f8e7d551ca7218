/** The database of the service: SQLite in its data folder, or PostgreSQL shared by replicas. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { Kysely, type Transaction } from 'kysely';
import type { Pool } from 'pg';
import { openPostgres, postgresDialect } from './postgres.ts';
import type { Schema } from './schema.ts';
import { openSqlite, sqliteDialect } from './sqlite.ts';

/** Where the database is. */
export interface DatabaseOptions {
  /** A PostgreSQL address; without one the database is `plumbline.db` in the data folder. */
  readonly url?: string | undefined;
  /** Folder of the service's files, made where there is none. */
  readonly dataFolder: string;
  /** Told of a connection that broke while nobody used it. */
  readonly onError?: (error: Error) => void;
}

/** An open database. Beside Kysely there is what lies below it, for the statements that are hot. */
export interface Database {
  readonly db: Kysely<Schema>;
  readonly engine:
    | { readonly name: 'sqlite'; readonly sqlite: DatabaseSync; readonly path: string }
    | { readonly name: 'postgres'; readonly pool: Pool; readonly url: string };
  close(): Promise<void>;
}

/** What a query may run on: the database, or a transaction of it. */
export type Queryable = Kysely<Schema>;
/** What must be written together. */
export type Writing = Transaction<Schema>;

/** Nothing that is written, and nothing of the registry, takes so long, in milliseconds. */
const STATEMENT_TIMEOUT = 15_000;

/** Opens the database; nothing is migrated yet. */
export function openDatabase({ url, dataFolder, onError = () => {} }: DatabaseOptions): Database {
  if (url !== undefined) {
    const pool = openPostgres(url, { statementTimeout: STATEMENT_TIMEOUT, onError });
    return opened(new Kysely<Schema>({ dialect: postgresDialect(pool) }), { name: 'postgres', pool, url });
  }
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  const path = join(dataFolder, 'plumbline.db');
  const sqlite = openSqlite(path);
  return opened(new Kysely<Schema>({ dialect: sqliteDialect(sqlite) }), { name: 'sqlite', sqlite, path });
}

function opened(db: Kysely<Schema>, engine: Database['engine']): Database {
  return { db, engine, close: () => db.destroy() };
}
