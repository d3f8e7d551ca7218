/** The examples in three languages, run as they stand against a collector with a token. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { endChildren, REPOSITORY, start, temporaryFolder, type Ended } from '../collector/cli/support/plumbline.ts';
import { runExample } from './support/documents.ts';
import { startCollector, type Collector } from './support/collector.ts';
import { findTool } from '../support/tools.ts';

const EXAMPLES = join(REPOSITORY, 'collector/examples');
const TOKEN = 'example-token-of-enough-length';
const folder = temporaryFolder();
let collector: Collector;

beforeAll(async () => {
  const env = { PLUMBLINE_DATA: folder.path('data'), PLUMBLINE_TOKENS: `ingest+read:${TOKEN}` };
  collector = await startCollector(env, TOKEN);
}, 60_000);
afterAll(async () => {
  await endChildren();
  folder.remove();
});

const environment = () => ({ PLUMBLINE_URL: collector.url, PLUMBLINE_TOKEN: TOKEN });
const ok = ({ code, stderr }: Ended) => ({ code, stderr });

async function labeled(): Promise<unknown> {
  const { body } = await collector.call('GET', '/v1/models/churn/performance?version=3');
  return body['labeled'];
}

test('Node: the SDK in remote mode', async () => {
  const source = readFileSync(join(EXAMPLES, 'record.mjs'), 'utf8');
  const values = { ...environment(), PII_KEY: 'sixteen bytes or more', SPILL_FOLDER: folder.path('unsent') };
  const before = `Object.assign(process.env, ${JSON.stringify(values)});`;
  const ended = await runExample(source, before);
  expect(ended).toMatchObject({ code: 0, stderr: '', stdout: '1\n' });
  expect(await labeled()).toBe(1);
}, 60_000);

const python = findTool('python3');
const curl = findTool('curl');

(python ? test : test.skip)(
  'Python, with what it brings',
  async () => {
    const before = Number((await labeled()) ?? 0);
    for (let run = 0; run < 2; run++) {
      const ended = await start(python as string, [join(EXAMPLES, 'record.py')], environment()).ended;
      expect(ok(ended)).toEqual({ code: 0, stderr: '' });
      expect(ended.stdout).toMatch(/'accepted': 2.*'rejected': \[\]/);
    }
    // The second run sent the same rows: they count once.
    expect(await labeled()).toBe(before + 1);
  },
  60_000,
);

(curl ? test : test.skip)(
  'curl',
  async () => {
    const before = Number((await labeled()) ?? 0);
    const ended = await start('sh', ['-e', join(EXAMPLES, 'record.sh')], environment()).ended;
    expect(ok(ended)).toEqual({ code: 0, stderr: '' });
    expect(ended.stdout).toContain('"accepted":1');
    expect(ended.stdout).toContain(`"labeled":${before + 1}`);
  },
  60_000,
);
