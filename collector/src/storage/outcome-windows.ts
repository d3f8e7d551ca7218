/** Labelled predictions of a version in consecutive windows, read a page at a time. */
import { setImmediate } from 'node:timers/promises';
import { sql } from 'kysely';
import type { EvidenceQuery } from '../lifecycle/evidence.ts';
import type { OutcomeWindows } from '../lifecycle/live-evidence.ts';
import { WindowJoiner, type WindowCount } from '../lifecycle/stability.ts';
import type { Database, Queryable } from './database.ts';
import { reading } from './transact.ts';

/** Predictions looked at in one query: some 10 ms on SQLite, which answers nobody else meanwhile. */
const PAGE = 5_000;
const DAY = 86_400_000;

interface OutcomeRow {
  readonly arrived: number;
  readonly seq: number;
  /** 1, 0; null for a prediction that is not looked at. */
  readonly correct: number | null;
  readonly shadow: number;
}

/** Reads the windows; memory is that of a page and of the windows. Cost: one walk over the predictions that arrived in the time. */
export function createOutcomeWindows({ db }: Database): OutcomeWindows {
  return {
    windows: (query) => reading(windows(db, query)),
    shadowsAlone: (query) => reading(shadowsAlone(db, query)),
  };
}

async function windows(db: Queryable, query: EvidenceQuery): Promise<WindowCount[]> {
  const joiner = new WindowJoiner();
  for await (const rows of pages(db, query))
    for (const { correct } of rows) if (correct !== null) joiner.add({ correct, total: 1 });
  return joiner.windows;
}

async function shadowsAlone(db: Queryable, query: EvidenceQuery): Promise<boolean> {
  let found = false;
  for await (const rows of pages(db, query))
    for (const { correct, shadow } of rows) {
      if (correct === null) continue;
      if (shadow === 0) return false;
      found = true;
    }
  return found;
}

async function* pages(db: Queryable, query: EvidenceQuery): AsyncGenerator<readonly OutcomeRow[]> {
  // A prediction is never stored more than a day before the time it gives.
  let [arrived, seq] = [query.from - DAY, 0];
  for (;;) {
    const rows = await page(db, query, arrived, seq);
    yield rows;
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    [arrived, seq] = [last.arrived, last.seq];
    // Ingest and health checks go first: SQLite's queries give the event loop no other pause.
    await setImmediate();
  }
}

/** Every prediction after a place, so that a page is bounded by what is looked at and not by what is found. */
async function page(db: Queryable, query: EvidenceQuery, arrived: number, seq: number): Promise<readonly OutcomeRow[]> {
  const { model, version, from, to } = query;
  const { rows } = await sql<OutcomeRow>`
    select p.arrived, p.seq,
      case when l.label is null or p.time < ${from} or p.time >= ${to} then null
           when l.label = p.prediction then 1 else 0 end as correct,
      case when p.shadow_of is null then 0 else 1 end as shadow
    from predictions p left join labels l on l.seq = p.seq
    where p.version_id = (
        select v.id from versions v join models m on m.id = v.model_id where m.name = ${model} and v.name = ${version}
      ) and (p.arrived, p.seq) > (${arrived}, ${seq})
    order by p.arrived, p.seq limit ${PAGE}`.execute(db);
  return rows;
}
