/** Reads predictions on a connection of its own. */
import { DatabaseSync } from 'node:sqlite';
import { BEGINNING, type Place } from '../../labels/place.ts';
import type { FoldedHour, RowReader, RowsQuery, StoredRow } from '../../labels/stored-rows.ts';
import { openPostgres } from '../postgres.ts';
import { extentStatement, FOLDED, PAGE, pageStatement, PLACE_BEFORE_LAST, REFERENCES } from './rows-sql.ts';

/** Where to read: plain data, so that it can be told to another thread. */
export type ReadingFrom =
  { readonly engine: 'sqlite'; readonly path: string } | { readonly engine: 'postgres'; readonly url: string };

/** A reader with its connection. */
export interface OpenReader extends RowReader {
  close(): Promise<void>;
}

/** A page of a narrow range of time may be looked for in all rows of a version; it does not take longer, in milliseconds. */
const STATEMENT_TIMEOUT = 60_000;

/** What differs between the engines. */
interface Connection {
  readonly placeholder: (position: number) => string;
  readonly all: (text: string, values: readonly (number | string)[]) => Promise<readonly object[]>;
  readonly close: () => Promise<void>;
}

/** Opens a reader; it cannot write. */
export function openReader(from: ReadingFrom): OpenReader {
  const { all, placeholder, close } = from.engine === 'sqlite' ? onSqlite(from.path) : onPostgres(from.url);
  return {
    rows: (query) =>
      pages(query, (after, limit) => {
        const { text, values } = pageStatement(query, after, limit, placeholder);
        return all(text, values) as Promise<readonly StoredRow[]>;
      }),
    extent: async (query) => {
      const { text, values } = extentStatement(query, placeholder);
      const [found] = (await all(text, values)) as readonly {
        rows: number;
        arrived: number | null;
        seq: number | null;
      }[];
      if (!found || found.arrived === null || found.seq === null) return { rows: 0, last: query.after };
      return { rows: found.rows, last: { arrived: found.arrived, seq: found.seq } };
    },
    folded: async (versionId, first, end) => {
      const rows = (await all(FOLDED(placeholder), [versionId, first, end])) as readonly (Omit<FoldedHour, 'folded'> & {
        readonly folded: string;
      })[];
      return rows.map((row) => ({ ...row, folded: JSON.parse(row.folded) as FoldedHour['folded'] }));
    },
    placeBeforeLast: async (versionId, count) => {
      const [place] = (await all(PLACE_BEFORE_LAST(placeholder), [versionId, count])) as readonly Place[];
      return place ? { ...place } : BEGINNING;
    },
    reference: async (versionId) => {
      const [found] = (await all(REFERENCES(placeholder), [versionId])) as readonly {
        readonly saved: string | null;
        readonly own: string | null;
      }[];
      const text = found?.saved ?? found?.own;
      return text === null || text === undefined ? undefined : (JSON.parse(text) as unknown);
    },
    close,
  };
}

async function* pages(
  query: RowsQuery,
  read: (after: Place, limit: number) => Promise<readonly StoredRow[]>,
): AsyncGenerator<readonly StoredRow[]> {
  let { after, limit: left = Number.POSITIVE_INFINITY } = query;
  while (left > 0) {
    const wanted = Math.min(PAGE, left);
    const rows = await read(after, wanted);
    const last = rows.at(-1);
    if (last) yield rows;
    if (!last || rows.length < wanted) return;
    after = last;
    left -= rows.length;
  }
}

function onSqlite(path: string): Connection {
  const sqlite = new DatabaseSync(path, { readOnly: true });
  sqlite.exec('pragma busy_timeout = 5000');
  const statements = new Map<string, ReturnType<DatabaseSync['prepare']>>();
  const prepared = (text: string) => {
    const statement = statements.get(text) ?? sqlite.prepare(text);
    statements.set(text, statement);
    return statement;
  };
  return {
    placeholder: () => '?',
    all: async (text, values) => {
      // Whoever shares the thread has a turn between two pages.
      await new Promise<void>((resolve) => setImmediate(resolve));
      return prepared(text).all(...values);
    },
    close: () => Promise.resolve(sqlite.close()),
  };
}

function onPostgres(url: string): Connection {
  const pool = openPostgres(url, { statementTimeout: STATEMENT_TIMEOUT, onError: () => {} });
  return {
    placeholder: (position) => `$${position}`,
    all: async (text, values) => (await pool.query<object>(text, [...values])).rows,
    close: () => pool.end(),
  };
}
