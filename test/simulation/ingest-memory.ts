/** `node --expose-gc test/simulation/ingest-memory.ts PREDICTIONS`: what the service holds in memory while so many are taken, labelled and judged. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../collector/src/storage/database.ts';
import { migrate } from '../../collector/src/storage/migrate.ts';
import { createReaderJobs } from '../../collector/src/storage/reader/create-jobs.ts';
import { CLASSES, makeReference, makeRows } from '../bench/rows.ts';
import { declare, Replica } from '../collector/labels/support/replica.ts';

const wanted = Number(process.argv[2] ?? 10_000_000);
const [BATCH, STEP] = [1_000, 500_000];
const dataFolder = mkdtempSync(join(tmpdir(), 'plumbline-memory-'));
const database = openDatabase({ dataFolder });
await migrate(database);
await declare(database, { classes: CLASSES, positiveClass: CLASSES[0], reference: makeReference() });
const replica = new Replica(database, { jobs: createReaderJobs(database) });
const rows = makeRows(BATCH * 20, 5);
const given = { model: 'churn', version: '1' };
const start = performance.now();
const megabytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(0);
try {
  for (let taken = 0; taken < wanted;) {
    const batch = rows
      .slice(taken % rows.length, (taken % rows.length) + BATCH)
      .map((row, at) => ({ ...row, id: `p${taken + at}` }));
    replica.now = Date.now();
    await replica.service.predictions(batch.map(({ label: _, ...row }) => ({ ...given, ...row })));
    await replica.service.labels(batch.map(({ id, label }) => ({ model: 'churn', id, label })));
    taken += BATCH;
    if (taken % 50_000 === 0) await replica.service.keepHouse();
    if (taken % STEP > 0) continue;
    globalThis.gc?.();
    const { rss, heapUsed } = process.memoryUsage();
    const seconds = (performance.now() - start) / 1_000;
    const disk = megabytes(statSync(join(dataFolder, 'plumbline.db')).size);
    const line = `${taken} predictions, RSS ${megabytes(rss)} MB, heap ${megabytes(heapUsed)} MB, database ${disk} MB`;
    process.stdout.write(`${line}, ${Math.round(taken / seconds)} predictions/s since the start\n`);
  }
} finally {
  await replica.close();
  await database.close();
  rmSync(dataFolder, { recursive: true, force: true });
}
