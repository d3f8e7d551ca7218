/** Whether the database itself is sound, as far as it can tell. */
import { sql } from 'kysely';
import type { Database } from '../database.ts';

const ROWS = 100;

/** SQLite reads every page and every reference; PostgreSQL says whether an index is broken off, and reads the small tables whole. */
export async function databaseProblems({ db, engine }: Database): Promise<string[]> {
  if (engine.name === 'sqlite') {
    const { rows } = await sql<{ integrity_check: string }>`pragma integrity_check(${sql.lit(ROWS)})`.execute(db);
    const broken = rows.map(({ integrity_check }) => integrity_check).filter((line) => line !== 'ok');
    const { rows: dangling } = await sql<{ table: string; parent: string }>`pragma foreign_key_check`.execute(db);
    return [...broken, ...dangling.slice(0, ROWS).map(({ table, parent }) => `A row of ${table} has no ${parent}.`)];
  }
  const { rows } = await sql<{ name: string }>`
    select c.relname as name from pg_index i
    join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = current_schema() and not (i.indisvalid and i.indisready)`.execute(db);
  await sql`
    select md5(string_agg(m::text, '')), (select md5(string_agg(v::text, '')) from versions v),
      (select md5(string_agg(t::text, '')) from transitions t) from models m`.execute(db);
  return rows.map(({ name }) => `The index ${name} is not valid.`);
}
