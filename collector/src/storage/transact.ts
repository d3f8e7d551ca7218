/** Transactions and what can go wrong with a database, in our words. */
import type { Kysely } from 'kysely';
import { PlumblineError, systemErrorCode } from '../errors.ts';
import type { Writing } from './database.ts';
import { AWAY, whyUnavailable } from './ingest/why-unavailable.ts';
import type { Schema } from './schema.ts';

/** What two replicas do to each other at worst: one is asked to try again. Locks are taken in one order, so this is rare. */
const MAX_ATTEMPTS = 5;
/** PostgreSQL: serialization failure, deadlock. */
const TRY_AGAIN = ['40001', '40P01'];
/** PostgreSQL: two rows of one key. Under our locks it is a defect, whatever it is to ingest. */
const TWICE = '23505';

/**
 * Runs work in a transaction; what it writes is durable when the promise resolves. The work runs again when the database asks for it, so
 * it must do nothing but query.
 * @throws PlumblineError `unavailable` when the database cannot be reached or written; what the work throws, after rolling back
 */
export async function transact<Result>(
  db: Kysely<Schema>,
  work: (writing: Writing) => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.transaction().execute(work);
    } catch (error) {
      if (attempt < MAX_ATTEMPTS && TRY_AGAIN.includes(systemErrorCode(error) ?? '')) continue;
      throw databaseError(error);
    }
  }
}

/** Waits for a query, and tells of a database that is away as `transact` does. */
export async function reading<Result>(query: Promise<Result>): Promise<Result> {
  try {
    return await query;
  } catch (error) {
    throw databaseError(error);
  }
}

const NOTHING_DONE = 'Nothing was changed. Check the disk and the database; the service goes on when they are back.';
/** A connection that breaks while a commit is under way does not tell what became of it. */
const MAYBE_DONE =
  'Check the database; the service goes on when it is back. Look whether a change was made before you ask for it again.';

/** The error as callers know it: `unavailable` when it is the database's state and not the query, else as it is. */
export function databaseError(error: unknown): unknown {
  const why = error instanceof PlumblineError || systemErrorCode(error) === TWICE ? undefined : whyUnavailable(error);
  if (why === undefined) return error;
  const help = why === AWAY ? MAYBE_DONE : NOTHING_DONE;
  return new PlumblineError('unavailable', why, help, { cause: error });
}
