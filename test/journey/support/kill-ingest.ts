/** Kills a process that ingests, again and again over the same data, and looks whether everything it acknowledged is there, once. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { openDatabase, type DatabaseOptions } from '../../../collector/src/storage/database.ts';

/** What was found. */
export interface KillReport {
  readonly kills: number;
  readonly acknowledged: { readonly predictions: number; readonly labels: number; readonly corrections: number };
  /** Ids of acknowledged predictions or labels that are not there; empty if all is well. */
  readonly lost: readonly string[];
  /** What the sums of the service say in excess of the rows. */
  readonly tallyError: number;
  /** What the database says of itself; `ok` on SQLite. */
  readonly integrity: string;
}

interface Acknowledged {
  readonly predictions: Set<string>;
  readonly labels: Set<string>;
  readonly corrections: Set<string>;
}

const CHILD = fileURLToPath(new URL('./ingest-child.ts', import.meta.url));

/** @param acknowledgements after how many of them each process is killed: one number per kill */
export async function killIngest(place: DatabaseOptions, acknowledgements: readonly number[]): Promise<KillReport> {
  const acknowledged: Acknowledged = { predictions: new Set(), labels: new Set(), corrections: new Set() };
  for (const [run, count] of acknowledgements.entries()) await runAndKill(place, { run, count, acknowledged });
  return examine(place, acknowledgements.length, acknowledged);
}

async function runAndKill(
  { dataFolder, url }: DatabaseOptions,
  { run, count, acknowledged }: { readonly run: number; readonly count: number; readonly acknowledged: Acknowledged },
): Promise<void> {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', CHILD, String(run), dataFolder, ...(url === undefined ? [] : [url])],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ended = once(child, 'close');
  let lines = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const [kind, ...ids] = line.split(' ');
    const seen = kind === 'p' ? 'predictions' : kind === 'l' ? 'labels' : 'corrections';
    for (const id of ids) acknowledged[seen].add(id);
    // What is in the pipe still counts: it was acknowledged before the end.
    if (++lines === count) child.kill('SIGKILL');
  }
  await ended;
  if (lines < count) throw new Error(`the process ended by itself after ${lines} acknowledgements`);
}

async function examine(place: DatabaseOptions, kills: number, acknowledged: Acknowledged): Promise<KillReport> {
  const database = openDatabase(place);
  const { db, engine } = database;
  const rows = await db
    .selectFrom('predictions')
    .leftJoin('labels', 'labels.seq', 'predictions.seq')
    .select(['id', 'label'])
    .execute();
  const labels = new Map(rows.map(({ id, label }) => [id, label]));
  const lost = [
    ...[...acknowledged.predictions].filter((id) => !labels.has(id)),
    ...[...acknowledged.labels].filter((id) => (labels.get(id) ?? null) === null),
    ...[...acknowledged.corrections].filter((id) => labels.get(id) !== 'corrected'),
  ];
  const [tally] = await db
    .selectFrom('tallies')
    .select([sql<number>`sum(predictions)`.as('predictions'), sql<number>`sum(labeled)`.as('labeled')])
    .execute();
  const labelled = rows.filter(({ label }) => label !== null).length;
  const tallyError = Math.abs(Number(tally?.predictions) - rows.length) + Math.abs(Number(tally?.labeled) - labelled);
  const integrity =
    engine.name === 'sqlite'
      ? String(engine.sqlite.prepare('pragma integrity_check').get()?.['integrity_check'])
      : 'ok';
  await database.close();
  const { predictions, labels: joined, corrections } = acknowledged;
  const counts = { predictions: predictions.size, labels: joined.size, corrections: corrections.size };
  return { kills, acknowledged: counts, lost, tallyError, integrity };
}
