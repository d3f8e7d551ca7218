/** Durable ingest: through HTTP, through the service alone, and the same inserts alone, each over a database of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { checkLabel } from '../../collector/src/labels/check-label.ts';
import { checkPrediction } from '../../collector/src/labels/check-prediction.ts';
import type { IngestWork } from '../../collector/src/labels/ingest-store.ts';
import { openDatabase, type Database, type DatabaseOptions } from '../../collector/src/storage/database.ts';
import { createIngestStore } from '../../collector/src/storage/ingest/ingest-store.ts';
import { migrate } from '../../collector/src/storage/migrate.ts';
import { declare, Replica } from '../collector/labels/support/replica.ts';
import { findPostgres, POSTGRES_MISSING, startPostgres } from '../support/postgres.ts';
import { compare, type Contender, type Result } from './compare.ts';
import { CLASSES, makeReference, makeRows } from './rows.ts';

/** Rows of a round and of a batch, and batches on their way at once. */
const [ROWS, BATCH, LANES] = [20_000, 500, 4];
const NAMES = { model: 'bench', version: '1' } as const;
/** Seconds of the paced run. */
const PACED = 10;

type Kind = 'predictions' | 'labels';
type Rows = readonly Readonly<Record<string, unknown>>[];

/** A way to have rows written. */
interface Way {
  readonly name: string;
  /** Makes rows ready, not timed. @returns what writes them */
  readonly prepare: (kind: Kind, rows: Rows) => () => Promise<void>;
  readonly end: () => Promise<void>;
}

/** @param rounds all ways in each */
export async function benchIngest(rounds: number): Promise<Result[]> {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-bench-'));
  const binaries = findPostgres();
  const postgres = binaries === undefined ? undefined : await startPostgres(binaries);
  if (!postgres) process.stderr.write(`${POSTGRES_MISSING}\n`);
  const results: Result[] = [];
  try {
    for (const engine of ['SQLite', ...(postgres ? ['PostgreSQL'] : [])]) {
      let places = 0;
      const place = async (): Promise<DatabaseOptions> => ({
        dataFolder: join(folder, `${engine}-${++places}`),
        ...(engine === 'PostgreSQL' && { url: await postgres?.createDatabase() }),
      });
      const ways = [
        await throughHttp(await place()),
        await throughService(await place()),
        await insertsAlone(await place()),
      ];
      results.push(...(await compareWays(engine, rounds, ways)));
      for (const way of ways) await way.end();
    }
  } finally {
    await postgres?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  return results;
}

async function compareWays(engine: string, rounds: number, ways: readonly Way[]): Promise<Result[]> {
  const sources = ways.map((way) => ({ way, source: rowSource() }));
  const contender = (kind: Kind): Contender[] =>
    sources.map(({ way, source }) => ({ name: way.name, milliseconds: () => timed(way, kind, source) }));
  const of = { operations: ROWS, rounds };
  const title = (kind: Kind) => `${kind} into ${engine}, 12 features, batches of ${BATCH}, ${LANES} at once, durable`;
  const predictions = await compare({
    ...{ ...of, title: title('predictions'), unit: 'prediction', contenders: contender('predictions') },
  });
  const labels = await compare({ ...of, title: title('labels'), unit: 'label', contenders: contender('labels') });
  const [first] = sources as [(typeof sources)[number]];
  const microseconds = predictions.lines[0]?.value?.[1] ?? Number.NaN;
  return [predictions, labels, await pacedRun(engine, first.way, first.source, 1e6 / microseconds / 2)];
}

/** Milliseconds to write the rows of a round; labels are those of predictions written just before. */
async function timed(way: Way, kind: Kind, source: ReturnType<typeof rowSource>): Promise<number> {
  const { predictions, labels } = source(ROWS);
  const writes = batches(predictions).map((rows) => way.prepare('predictions', rows));
  const start = performance.now();
  await inLanes(writes);
  const taken = performance.now() - start;
  if (kind === 'predictions') return taken;
  const labelled = batches(labels).map((rows) => way.prepare('labels', rows));
  const startLabels = performance.now();
  await inLanes(labelled);
  return performance.now() - startLabels;
}

/** What a batch takes at half the rate, sent when it is due whether or not the one before has been answered. */
async function pacedRun(engine: string, way: Way, source: ReturnType<typeof rowSource>, rate: number): Promise<Result> {
  const count = Math.ceil((rate * PACED) / BATCH);
  const taken: number[] = [];
  const pending: Promise<void>[] = [];
  const start = performance.now();
  for (let sent = 0; sent < count; sent++) {
    const write = way.prepare('predictions', source(BATCH).predictions);
    const due = start + (sent * BATCH * 1000) / rate;
    await setTimeout(Math.max(0, due - performance.now()));
    // From when it was due: what is sent late since the one before took long has waited too.
    pending.push(write().then(() => void taken.push(performance.now() - due)));
  }
  await Promise.all(pending);
  taken.sort((a, b) => a - b);
  const at = (share: number): number => taken[Math.min(count - 1, Math.floor(share * count))] as number;
  const line = (name: string, value: number) => ({ name, value: [value, value, value] as const, ratio: null });
  return {
    title: `a batch of ${BATCH} into ${engine} at half that rate, ${Math.round(rate)} predictions/s (ms, ${count} batches)`,
    lines: [line('half of them', at(0.5)), line('99 of 100', at(0.99)), line('the slowest', at(1))],
  };
}

/** Rows with new ids at each call. */
function rowSource() {
  const made = makeRows(ROWS, 7);
  let next = 0;
  return (count: number) => {
    const rows = made.slice(0, count).map((row) => ({ ...row, id: `prediction-${next++}` }));
    return {
      predictions: rows.map(({ label: _, ...row }) => ({ ...NAMES, ...row, timestamp: Date.now() })),
      labels: rows.map(({ id, label }) => ({ model: NAMES.model, id, label })),
    };
  };
}

function batches(rows: Rows): Rows[] {
  return Array.from({ length: Math.ceil(rows.length / BATCH) }, (_, at) => rows.slice(at * BATCH, (at + 1) * BATCH));
}

async function inLanes(writes: readonly (() => Promise<void>)[]): Promise<void> {
  const queue = writes.values();
  const lane = async () => {
    for (const write of queue) await write();
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

async function opened(place: DatabaseOptions): Promise<Database> {
  const database = openDatabase(place);
  await migrate(database);
  const declaration = { classes: CLASSES, positiveClass: CLASSES[0], reference: makeReference() };
  await declare(database, declaration, NAMES);
  return database;
}

async function throughHttp(place: DatabaseOptions): Promise<Way> {
  await (await opened(place)).close();
  const env = {
    ...{ ...process.env, PLUMBLINE_DATA: place.dataFolder, PLUMBLINE_RATE_LIMIT: '0', PLUMBLINE_LOG_LEVEL: 'error' },
    ...(place.url !== undefined && { DATABASE_URL: place.url }),
  };
  const bin = fileURLToPath(new URL('../../collector/bin/plumbline.mjs', import.meta.url));
  const child = spawn(process.execPath, [bin, 'serve', '--port', '0', '--json'], { env, stdio: ['ignore', 'pipe', 2] });
  const url = await urlOf(child);
  const headers = { 'content-type': 'application/json' };
  return {
    name: 'through HTTP',
    prepare: (kind, rows) => {
      const body = JSON.stringify(rows);
      return async () => {
        const response = await fetch(`${url}/v1/${kind}`, { method: 'POST', headers, body });
        const { accepted } = (await response.json()) as { readonly accepted?: number };
        if (accepted !== rows.length) throw new Error(`${accepted} of ${rows.length} ${kind} were taken`);
      };
    },
    end: async () => {
      const ended = once(child, 'close');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function urlOf(child: ChildProcess): Promise<string> {
  let printed = '';
  for await (const text of child.stdout as AsyncIterable<Buffer>) {
    printed += text.toString();
    const url = /"url":"([^"]+)"/.exec(printed)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error(`the service ended before it listened: ${printed}`);
}

async function throughService(place: DatabaseOptions): Promise<Way> {
  const database = await opened(place);
  const replica = new Replica(database);
  replica.now = Date.now();
  return {
    name: 'the service without HTTP',
    prepare: (kind, rows) => async () => {
      const { accepted } = await replica.service[kind](rows);
      if (accepted !== rows.length) throw new Error(`${accepted} of ${rows.length} ${kind} were taken`);
    },
    end: async () => {
      await replica.close();
      await database.close();
    },
  };
}

async function insertsAlone(place: DatabaseOptions): Promise<Way> {
  const database = await opened(place);
  const store = createIngestStore(database);
  const [version] = (await store.versionsOf(NAMES.model)) ?? [];
  if (!version) throw new Error('the version is not there');
  let stripe = 0;
  return {
    name: 'the same inserts alone',
    prepare: (kind, rows) => {
      const context = { version, now: Date.now(), makeId: () => '', piiKey: '' };
      const work: IngestWork = {
        predictions: kind === 'predictions' ? rows.map((row) => checkPrediction(row, context)) : [],
        labels: kind === 'labels' ? rows.map((row) => checkLabel(row, version, Date.now())) : [],
        now: Date.now(),
        stripe: stripe++ % LANES,
      };
      return async () => void (await store.commit(work));
    },
    end: () => database.close(),
  };
}
