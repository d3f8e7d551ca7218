/** A transaction on PostgreSQL that starts again when another one was in its way. */
import type { Pool, PoolClient } from 'pg';
import { systemErrorCode } from '../../errors.ts';

/** What was read has changed before it could be written: nothing is wrong, the work is to be done again. */
export class OvertakenError extends Error {
  constructor() {
    super('overtaken by another transaction');
    this.name = 'OvertakenError';
  }
}

/** Attempts; each failed one means that another transaction came through. */
const ATTEMPTS = 20;
/** Codes of PostgreSQL: serialization failure, deadlock, unique violation (by an index that `on conflict` does not name). */
const AGAIN = ['40001', '40P01', '23505'];

/** @param work it may run more than once */
export async function inTransaction<Result>(
  pool: Pool,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await runOnce(pool, work);
    } catch (error) {
      const isOvertaken = error instanceof OvertakenError || AGAIN.includes(systemErrorCode(error) ?? '');
      if (!isOvertaken || attempt === ATTEMPTS) throw error;
    }
  }
}

async function runOnce<Result>(pool: Pool, work: (client: PoolClient) => Promise<Result>): Promise<Result> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    // Where even that fails the connection is gone, and the server has rolled back.
    await client.query('rollback').catch((failure: unknown) => (broken = failure as Error));
    throw error;
  } finally {
    client.release(broken);
  }
}
