/** Whether the database takes writes now: what readiness rests on. */
import { sql } from 'kysely';
import { errorText } from '../errors.ts';
import type { Database } from './database.ts';
import { reading, transact } from './transact.ts';

/** A look at the database. */
export interface StoreHealth {
  /** Why it cannot be used now, in one sentence; undefined when it can. Asked at most once a second. */
  check(): Promise<string | undefined>;
  /** Ingest could not write: the service is not ready until a write of that kind has succeeded or some time has passed. */
  failed(error: unknown): void;
  succeeded(): void;
}

/** What the check needs of the world around it. */
export interface StoreHealthOptions {
  /** Epoch ms. */
  readonly now: () => number;
  /** A name of this process, unlike that of any other replica. */
  readonly instance: string;
}

const MEMORY = 1_000;
/** A database that does not answer within this time is away, in milliseconds. */
const PATIENCE = 3_000;
/** A failed write of ingest counts for so long, in milliseconds: a small probe may pass on a full disk where a batch does not. */
const FAILURE_MEMORY = 10_000;
/** Bytes the probe writes. */
const PROBE = 'x'.repeat(16_384);

/** Makes the check. */
export function createStoreHealth({ db }: Database, { now, instance }: StoreHealthOptions): StoreHealth {
  let last: { readonly at: number; readonly result: Promise<string | undefined> } | undefined;
  let failure: { readonly at: number; readonly text: string } | undefined;
  const probe = async () => {
    const name = `probe ${instance}`;
    await transact(db, async (writing) => {
      await writing.insertInto('leases').values({ name, holder: PROBE, expires_at: 0 }).execute();
      await writing.deleteFrom('leases').where('name', '=', name).execute();
    });
    await reading(sql`select 1`.execute(db));
  };
  return {
    check: async () => {
      if (!last || now() - last.at >= MEMORY) last = { at: now(), result: withinPatience(probe()) };
      const probed = await last.result;
      if (probed !== undefined) return probed;
      return failure && now() - failure.at < FAILURE_MEMORY ? failure.text : undefined;
    },
    failed: (error) => void (failure = { at: now(), text: sentence(error) }),
    succeeded: () => void (failure = undefined),
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
