/** Kysely on PostgreSQL. */
import { PostgresDialect, type Dialect } from 'kysely';
import pg from 'pg';

/** Connections of one replica. */
const POOL_SIZE = 10;
/** A connection that cannot be had within this time is an error, in milliseconds. */
const CONNECT_TIMEOUT = 5_000;
/** A statement that runs longer is cancelled, in milliseconds: nothing the service asks takes so long. */
const STATEMENT_TIMEOUT = 60_000;

/** The type code of bigint. */
const INT8 = 20;

/**
 * A pool of connections. `bigint` columns arrive as numbers: what they hold (epoch milliseconds, sequence numbers, counts) stays
 * below 2⁵³. @param onError told when a connection breaks while nobody uses it; the pool makes a new one
 */
export function openPostgres(url: string, onError: (error: Error) => void): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: POOL_SIZE,
    connectionTimeoutMillis: CONNECT_TIMEOUT,
    statement_timeout: STATEMENT_TIMEOUT,
    application_name: 'plumbline',
    types: { getTypeParser: parserOf },
  });
  pool.on('error', onError);
  return pool;
}

const parserOf = ((type: number, format?: 'text') =>
  type === INT8 ? Number : pg.types.getTypeParser(type, format)) as typeof pg.types.getTypeParser;

/** The dialect over a pool. */
export function postgresDialect(pool: pg.Pool): Dialect {
  return new PostgresDialect({ pool });
}
