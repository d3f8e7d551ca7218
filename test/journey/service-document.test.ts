/** What SERVICE.md tells users to send, sent in its order, as a shell does; every answer must be a good one. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { BIN, endChildren, start, temporaryFolder } from '../collector/cli/support/plumbline.ts';
import { findTool } from '../support/tools.ts';
import { codeBlocks } from './support/documents.ts';
import { startCollector, type Collector } from './support/collector.ts';

const TOKEN = 'document-token-of-enough-length';
const folder = temporaryFolder();
const curl = findTool('curl');
if (curl === undefined) process.stderr.write('curl is not installed; skipped.\n');
const given = curl === undefined ? test.skip : test;
let collector: Collector;

beforeAll(async () => {
  mkdirSync(folder.path('models/churn/2026-05'), { recursive: true });
  for (const file of ['model.onnx', 'labels.txt', 'weights.bin', 'vocabulary.txt', 'models/churn/2026-05/model.bin'])
    writeFileSync(folder.path(file), file);
  writeFileSync(folder.path('labels.ndjson.gz'), gzipSync('{"model":"churn","id":"a-17","label":"stays"}\n'));
  const env = {
    PLUMBLINE_DATA: folder.path('plumbline-data'),
    PLUMBLINE_TOKENS: `ingest+admin:${TOKEN}`,
    PLUMBLINE_ARTIFACT_ROOTS: folder.path('models'),
  };
  collector = await startCollector(env, TOKEN);
}, 60_000);
afterAll(async () => {
  await endChildren();
  folder.remove();
});

/** A block whose first line is found by the words; addresses, tokens and places are those of this test. */
function block(words: string): string {
  const text = codeBlocks('collector/SERVICE.md', 'sh').find((code) => code.includes(words));
  if (text === undefined) throw new Error(`no block of SERVICE.md holds ${words}`);
  return text
    .replace('http://127.0.0.1:8080', collector.url)
    .replace('Bearer …', `Bearer ${TOKEN}`)
    .replaceAll('/models/churn/2026-05', folder.path('models/churn/2026-05'))
    .replaceAll('/srv/churn', folder.path('srv-churn'))
    .replaceAll('npx plumbline', `"${process.execPath}" "${BIN}"`);
}

/** Ends at the first command that is refused, and says what it was told. */
async function run(script: string): Promise<string> {
  const strict = 'set -e\ncurl() { command curl -sS --fail-with-body "$@"; echo; }\n';
  const env = { COLLECTOR: collector.url, TOKEN };
  const { code, stdout, stderr } = await start('sh', ['-c', strict + script], env, folder.path('.')).ended;
  if (code !== 0) throw new Error(`${stdout}\n${stderr}`);
  return stdout;
}

given('the walk through the API', async () => {
  const answers = (await run(block('# What a model predicts'))).trim().split('\n');
  const live = await collector.call('GET', '/v1/models/churn/live');
  expect(live.body).toMatchObject({ version: '1', transition: { kind: 'rolled_back', reason: 'complaints' } });
  expect(answers.filter((answer) => answer.includes('"labeled":1'))).toHaveLength(1);
  for (const answer of answers) expect(JSON.parse(answer)).toBeInstanceOf(Object);
});

given('versions from files, and from a folder of the machine', async () => {
  await run(block('# … or a folder'));
  const { body } = await collector.call('GET', '/v1/models/churn/versions');
  const items = body['items'] as { version: string; origin: string }[];
  expect(items.map(({ version }) => version).sort()).toEqual(['1', '2', '3', '4']);
  expect(items.find(({ version }) => version === '4')?.origin).toBe(folder.path('models/churn/2026-05'));
});

given('a version put in place, from the service and from its data', async () => {
  expect(await run(block('materialise --model'))).toMatch(/churn/);
});
