/** The examples in three languages, run as they stand against a collector with a token. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { endChildren, REPOSITORY, start, temporaryFolder, type Ended } from '../collector/cli/support/plumbline.ts';
import { codeBlocks, runExample } from './support/documents.ts';
import { startCollector, type Collector } from './support/collector.ts';
import { findTool } from '../support/tools.ts';

const EXAMPLES = join(REPOSITORY, 'collector/examples');
const TOKEN = 'example-token-of-enough-length';
const ADMIN = 'example-token-of-an-administrator';
const folder = temporaryFolder();
let collector: Collector;

beforeAll(async () => {
  const env = { PLUMBLINE_DATA: folder.path('data'), PLUMBLINE_TOKENS: `ingest+read:${TOKEN},admin:${ADMIN}` };
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

describe('Node: routing', () => {
  const documented = codeBlocks('collector/README.md', 'js');
  const admin = { token: ADMIN };
  const example = (source: string) => {
    const values = { ...environment(), STATE_FILE: folder.path('assignments.json') };
    return runExample(source, `Object.assign(process.env, ${JSON.stringify(values)});`);
  };
  const assigned = async (key: string) => {
    const { body } = await collector.call('GET', `/v1/models/churn/assignment?key=${key}`);
    return body['version'];
  };

  test('the SDK goes where the service says, before an experiment and within it', async () => {
    const source = readFileSync(join(EXAMPLES, 'route.mjs'), 'utf8');
    expect(documented).toContain(source);
    const alone = await example(source);
    expect(alone).toMatchObject({ code: 0, stderr: '' });
    expect(alone.stdout).toMatch(/^(\w+: version 1 \(default\) says (leaves|stays)\n){6}$/);
    for (const version of ['1', '2']) {
      const form = new FormData();
      form.append('version', version);
      form.append('files', new Blob(['weights']), 'weights.bin');
      expect((await collector.call('POST', '/v1/models/churn/versions', form, admin)).status).toBe(201);
    }
    const arms = ['1', '2'].map((version) => ({ version, weight: 1 }));
    const body = { arms, state: 'running', reason: 'an example' };
    expect((await collector.call('PUT', '/v1/models/churn/experiments/newer', body, admin)).status).toBe(200);
    const { code, stdout, stderr } = await example(source);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = Array.from(stdout.matchAll(/^(\w+): version (\d) \(split\) says \w+$/gm));
    expect(lines).toHaveLength(6);
    for (const [, key = '', version] of lines) expect(version).toBe(await assigned(key));
  }, 120_000);

  test('OpenFeature, with its own SDK', async () => {
    const source = documented.find((block) => block.includes('plumblineProvider(')) ?? '';
    const sdk = pathToFileURL(createRequire(import.meta.url).resolve('@openfeature/server-sdk')).href;
    const { code, stdout, stderr } = await example(source.replace("'@openfeature/server-sdk'", `'${sdk}'`));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(`version ${String(await assigned('ada'))} (SPLIT)\n`);
  }, 60_000);
});

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
