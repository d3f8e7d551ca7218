/** An export of 100,000 examples in a heap that could not hold them: it passes through. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openDatabase } from '../../../collector/src/storage/database.ts';
import { migrate } from '../../../collector/src/storage/migrate.ts';
import { temporaryFolder } from '../cli/support/plumbline.ts';
import { declare } from '../labels/support/replica.ts';
import { FeedbackDesk } from './support/desk.ts';

const ROWS = 100_000;
const BATCH = 5_000;
/** MiB of heap; the texts alone are more. */
const HEAP = 48;
const CHILD = join(__dirname, 'support/exporting-child.ts');
const folder = temporaryFolder();
afterAll(folder.remove);

const features = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`feature number ${at}`, at / 3]));

beforeAll(async () => {
  const database = openDatabase({ dataFolder: folder.path('data') });
  await migrate(database);
  await declare(database, { features: Object.fromEntries(Object.keys(features).map((name) => [name, {}])) });
  const desk = new FeedbackDesk(database);
  for (let from = 0; from < ROWS; from += BATCH) {
    const ids = Array.from({ length: BATCH }, (_, at) => `p${from + at}`);
    await desk.predict(ids, () => ({ features }));
    await desk.replica.service.labels(ids.map((id) => ({ model: 'churn', id, label: 'no' })));
    desk.replica.now++;
  }
  await desk.replica.close();
  await database.close();
}, 300_000);

test.each([
  ['jsonl', ROWS],
  ['csv', ROWS + 1],
])(
  '%s',
  async (format, lines) => {
    const args = [
      '--disable-warning=ExperimentalWarning',
      `--max-old-space-size=${HEAP}`,
      CHILD,
      folder.path('data'),
      format,
    ];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    const told = JSON.parse(stdout) as { lines: number; characters: number };
    expect(told.lines).toBe(lines);
    if (format === 'jsonl') expect(told.characters).toBeGreaterThan(HEAP * 1024 * 1024);
  },
  300_000,
);
