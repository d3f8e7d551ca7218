/** Kysely on PostgreSQL. */
import { PostgresDialect, type Dialect } from 'kysely';
import pg from 'pg';

/** Connections of one replica. */
const POOL_SIZE = 10;
/** A connection that cannot be had within this time is an error, in milliseconds. */
const CONNECT_TIMEOUT = 5_000;
/**
 * An answer that is so many milliseconds later than the server would have cancelled its statement will not come: a network that is cut
 * closes no connection.
 */
const NO_ANSWER_AFTER = 5_000;
/** What the driver says of such an answer. */
const NO_ANSWER = 'Query read timeout';

/** The type code of bigint. */
const INT8 = 20;

/** How a pool behaves. */
export interface PostgresOptions {
  /** A statement that runs longer is cancelled by the server, in milliseconds. */
  readonly statementTimeout: number;
  /** Told when a connection breaks while nobody uses it; the pool makes a new one. */
  readonly onError: (error: Error) => void;
}

/**
 * A pool of connections. `bigint` columns arrive as numbers: what they hold (epoch milliseconds, sequence numbers, counts) stays
 * below 2⁵³. The address may set other limits (`?statement_timeout=…&query_timeout=…`, in milliseconds).
 */
export function openPostgres(url: string, { statementTimeout, onError }: PostgresOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: POOL_SIZE,
    connectionTimeoutMillis: CONNECT_TIMEOUT,
    statement_timeout: statementTimeout,
    query_timeout: statementTimeout + NO_ANSWER_AFTER,
    application_name: 'plumbline',
    types: { getTypeParser: parserOf },
  });
  pool.on('error', onError);
  pool.on('connect', guard);
  return pool;
}

/** Makes a connection outlive neither an error nor an answer that does not come, and keeps both from taking the process along. */
function guard(client: pg.PoolClient): void {
  // Whoever waits for a statement is told, and the pool while nobody does; without a listener it would end the process.
  client.on('error', () => {});
  const query = client.query.bind(client) as (...given: readonly unknown[]) => unknown;
  const guarded = (...given: readonly unknown[]): unknown => {
    const answer = query(...given);
    if (!(answer instanceof Promise)) return answer;
    return answer.catch((error: unknown) => {
      // What was asked is still under way on a connection that says nothing: nobody may wait behind it.
      if (error instanceof Error && error.message === NO_ANSWER) void (client as unknown as pg.Client).end();
      throw error;
    });
  };
  client.query = guarded as typeof client.query;
}

const parserOf = ((type: number, format?: 'text') =>
  type === INT8 ? Number : pg.types.getTypeParser(type, format)) as typeof pg.types.getTypeParser;

/** The dialect over a pool. */
export function postgresDialect(pool: pg.Pool): Dialect {
  return new PostgresDialect({ pool });
}
