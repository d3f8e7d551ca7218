/** Transactions and what can go wrong with a database, in our words. */
import type { Kysely } from 'kysely';
import { errorText, PlumblineError, systemErrorCode } from '../errors.ts';
import type { Writing } from './database.ts';
import type { Schema } from './schema.ts';

/** What two replicas do to each other at worst: one is asked to try again. Locks are taken in one order, so this is rare. */
const MAX_ATTEMPTS = 5;
/** PostgreSQL: serialization failure, deadlock. */
const TRY_AGAIN = ['40001', '40P01'];
/** PostgreSQL: connection exceptions, no resources (a full disk, too many connections), shutting down or starting, read-only. */
const PG_AWAY = /^(?:08...|53...|57P0[1-5]|25006)$/;
/** What the network and `pg` itself say when there is no connection. */
const NETWORK_CODES = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'ENOENT'];
const NO_CONNECTION = /connection (?:terminated|timeout)|timeout exceeded when trying to connect|not queryable/i;
/** SQLite: busy, locked, read-only, input/output error, full, cannot open. */
const SQLITE_AWAY = [5, 6, 8, 10, 13, 14];

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

/** The error as callers know it: `unavailable` when it is the database's state and not the query, else as it is. */
export function databaseError(error: unknown): unknown {
  if (error instanceof PlumblineError || !isAway(error)) return error;
  const help = 'Nothing was changed. Check the disk and the database; the service goes on when they are back.';
  return new PlumblineError('unavailable', `The database cannot be used now: ${errorText(error)}`, help, {
    cause: error,
  });
}

function isAway(error: unknown): boolean {
  const code = systemErrorCode(error) ?? '';
  if (code === 'ERR_SQLITE_ERROR') {
    const { errcode } = error as { readonly errcode?: number };
    return SQLITE_AWAY.includes((errcode ?? 0) & 0xff);
  }
  if (PG_AWAY.test(code) || NETWORK_CODES.includes(code)) return true;
  return NO_CONNECTION.test(errorText(error));
}
