/** A process that ingests without end and says on standard output what was acknowledged. It is there to be killed. */
import { createIngestService } from '../../../collector/src/labels/ingest-service.ts';
import { openDatabase } from '../../../collector/src/storage/database.ts';
import { createIngestStore } from '../../../collector/src/storage/ingest/ingest-store.ts';
import { migrate } from '../../../collector/src/storage/migrate.ts';
import { createLocalJobs } from '../../../collector/src/storage/reader/create-jobs.ts';

/** Batches on their way at once, and rows in each. */
const [LANES, ROWS] = [3, 20];

const [run = '0', dataFolder = '', url] = process.argv.slice(2);
const database = openDatabase({ dataFolder, ...(url !== undefined && { url }) });
await migrate(database);
const service = createIngestService({
  ...{ store: createIngestStore(database), jobs: createLocalJobs(database), now: Date.now, makeId: () => '' },
  ...{ replica: run, stripe: Number(run) % 16, piiKey: 'key', settings: {}, attach: () => () => {} },
  pause: () => new Promise((resolve) => setImmediate(resolve)),
  defer: (work) => void setImmediate(work),
  every: () => () => {},
  onError: (error) => process.stderr.write(`${String(error)}\n`),
});
await service.start();

let made = 0;
const say = (line: string) => process.stdout.write(`${line}\n`);

async function ingest(): Promise<void> {
  for (;;) {
    const ids = Array.from({ length: ROWS }, () => `${run}-${made++}`);
    const predictions = ids.map((id, at) => ({ model: 'm', version: '1', id, prediction: at % 2 ? 'yes' : 'no' }));
    const { ids: stored } = await service.predictions(predictions);
    say(`p ${stored.join(' ')}`);
    const { ids: labelled } = await service.labels(
      ids.map((id, at) => ({ model: 'm', id, label: at % 3 ? 'yes' : 'no' })),
    );
    say(`l ${labelled.join(' ')}`);
    const { ids: corrected } = await service.labels(
      ids.slice(0, 5).map((id) => ({ model: 'm', id, label: 'corrected' })),
    );
    say(`c ${corrected.join(' ')}`);
  }
}

await Promise.all(Array.from({ length: LANES }, ingest));
