/** Tells a database that cannot be written at present from one that was asked for something wrong. */
import { systemErrorCode } from '../../errors.ts';

/** Primary result codes of SQLite. */
const SQLITE: Readonly<Record<number, string>> = {
  5: 'The database is locked by another process.',
  6: 'The database is locked by another process.',
  8: 'The database file may not be written.',
  10: 'The disk of the database does not work.',
  13: 'The disk of the database is full.',
  14: 'The database file cannot be opened.',
};

const FULL = 'The disk of the database is full.';
/** It cannot be reached, or does not answer: what was under way may or may not have been done. */
export const AWAY = 'The database does not answer.';
/** Classes of PostgreSQL's codes: connection, resources, object state, operator intervention, system. */
const POSTGRES_AWAY = ['08', '53', '55', '57', '58'];
/** Serialization failures and deadlocks that came back again and again; a server that only reads. */
const POSTGRES_BUSY = ['40001', '40P01', '23505', '25006'];
const NETWORK = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENOENT',
];

/** Undefined where the error says something else. */
export function whyUnavailable(error: unknown): string | undefined {
  const result = sqliteCode(error);
  if (result !== undefined) return SQLITE[result & 0xff];
  const code = systemErrorCode(error);
  if (code === '53100') return FULL;
  if (code !== undefined) {
    if (POSTGRES_AWAY.includes(code.slice(0, 2)) && code.length === 5) return AWAY;
    if (POSTGRES_BUSY.includes(code)) return 'The database is busy with the same rows.';
    return NETWORK.includes(code) ? AWAY : undefined;
  }
  // What the driver says of a broken connection has no code.
  const text = error instanceof Error ? error.message : '';
  return /connection|not queryable|timeout exceeded when trying to connect|query read timeout|overtaken/i.test(text)
    ? AWAY
    : undefined;
}

function sqliteCode(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode : undefined;
}
