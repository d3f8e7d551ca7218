/**
 * Checkpoints of SQLite beside ingest: a thread of its own copies the log into the database. Left to SQLite the commit that fills the log
 * does it, and all requests wait: 0.1 s of every 1.3 s under load, and seconds where the disk is busy.
 */
import type { StatementSync } from 'node:sqlite';
import type { Kysely } from 'kysely';
import type { Schema } from '../schema.ts';
import type { Database } from '../database.ts';
import { copyLog } from './copy-log.ts';
import { CopyThread } from './copy-thread.ts';

/** What it needs of the world around it. */
export interface CheckpointEnvironment {
  readonly db: Kysely<Schema>;
  readonly engine: Extract<Database['engine'], { readonly name: 'sqlite' }>;
  /** Calls work again and again, so many milliseconds after it has ended. @returns what ends it */
  readonly every: (milliseconds: number, work: () => Promise<void>) => () => void;
  /** Told why a checkpoint failed; it is tried again, and SQLite makes its own where the log grows long. */
  readonly onError: (error: unknown) => void;
}

/** Milliseconds between two looks at how much was written. */
const LOOK = 100;
/** Rows changed between two checkpoints: about as many pages, 40 MiB. More are copied more cheaply, but make a longer log. */
const ROWS = 10_000;
/** Pages of the log (4 KiB each) at which SQLite helps itself, in the middle of a commit: the thread has fallen far behind. */
const LAST_RESORT_PAGES = 32_000;

/** Begins. @returns what ends it */
export function startCheckpoints({ db, engine, every, onError }: CheckpointEnvironment): () => Promise<void> {
  const { sqlite, path } = engine;
  sqlite.exec(`pragma wal_autocheckpoint = ${LAST_RESORT_PAGES}`);
  const changes = sqlite.prepare('select total_changes() as rows');
  const thread = new CopyThread(path);
  let isClosed = false;
  let copied = rowsOf(changes);
  const stop = every(LOOK, async () => {
    const rows = rowsOf(changes);
    if (isClosed || rows - copied < ROWS) return;
    copied = rows;
    try {
      if ((await thread.copy()) === 'done') return;
      // Where commits follow each other without a gap the thread is never done: the rest, a few commits, is copied between two of them.
      if (!isClosed) await db.connection().execute(() => Promise.resolve(copyLog(sqlite)));
    } catch (error) {
      if (!isClosed) onError(error);
    }
  });
  return async () => {
    isClosed = true;
    stop();
    await thread.close();
  };
}

function rowsOf(changes: StatementSync): number {
  return Number(changes.get()?.['rows']);
}
