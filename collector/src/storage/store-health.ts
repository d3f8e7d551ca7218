/** Whether the database takes writes now: what readiness rests on. */
import { errorText } from '../errors.ts';
import type { Database } from './database.ts';
import { transact } from './transact.ts';

/** A look at the database. */
export interface StoreHealth {
  /** Why it cannot be used now, in one sentence; undefined when it can. Asked at most once a second. */
  check(): Promise<string | undefined>;
}

/** What the check needs of the world around it. */
export interface StoreHealthOptions {
  /** Epoch ms. */
  readonly now: () => number;
  /** A name of this process, unlike that of any other replica. */
  readonly instance: string;
  /** Bytes that may still be written to the disk of SQLite's file; NaN where nobody knows. */
  readonly diskFree: () => number;
}

const MEMORY = 1_000;
/** A database that does not answer within this time is away, in milliseconds. */
const PATIENCE = 3_000;
/** A batch needs so many bytes of the disk at least, with what SQLite writes beside it; the probe alone may pass where a batch does not. */
const ROOM = 1024 * 1024;
const FULL = 'The disk of the database has less than 1 MiB left.';
/** What the probe writes: more than fits into what a full disk may have left in half-used pages. */
const PROBE = 'x'.repeat(16_384);

/** Makes the check. */
export function createStoreHealth(database: Database, { now, instance, diskFree }: StoreHealthOptions): StoreHealth {
  const { db, engine } = database;
  let last: { readonly at: number; readonly result: Promise<string | undefined> } | undefined;
  const probe = async () => {
    const name = `probe ${instance}`;
    await transact(db, async (writing) => {
      await writing.insertInto('leases').values({ name, holder: PROBE, expires_at: 0 }).execute();
      await writing.deleteFrom('leases').where('name', '=', name).execute();
    });
  };
  return {
    check: async () => {
      if (!last || now() - last.at >= MEMORY) last = { at: now(), result: withinPatience(probe()) };
      if (engine.name === 'sqlite' && diskFree() < ROOM) return FULL;
      return last.result;
    },
  };
}

async function withinPatience(work: Promise<void>): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`The database does not answer within ${PATIENCE / 1000} s.`), PATIENCE);
  });
  const done = work.then(
    () => undefined,
    (error: unknown) => sentence(error),
  );
  return Promise.race([done, late]).finally(() => clearTimeout(timer));
}

function sentence(error: unknown): string {
  return errorText(error).replace(/\.?$/, '.');
}
