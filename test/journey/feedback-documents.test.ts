/** What the documents say of feedback, run as it stands. */
import { endChildren, start, temporaryFolder } from '../collector/cli/support/plumbline.ts';
import { findTool } from '../support/tools.ts';
import { startCollector, type Collector } from './support/collector.ts';
import { codeBlocks, runExample } from './support/documents.ts';

const TOKEN = 'example-token-of-enough-length';
const folder = temporaryFolder();
let collector: Collector;

beforeAll(async () => {
  const env = { PLUMBLINE_DATA: folder.path('data'), PLUMBLINE_TOKENS: `ingest+operate:${TOKEN}` };
  collector = await startCollector(env, TOKEN);
}, 60_000);
afterAll(async () => {
  await endChildren();
  folder.remove();
});

async function queue(): Promise<readonly Record<string, unknown>[]> {
  const { body } = await collector.call('GET', '/v1/models/churn/feedback?order=oldest');
  return body['items'] as readonly Record<string, unknown>[];
}

test('the SDK’s example', async () => {
  const example = codeBlocks('collector/README.md', 'js').find((block) => block.includes('recordFeedback')) as string;
  const values = { PLUMBLINE_URL: collector.url, PLUMBLINE_TOKEN: TOKEN };
  const before = `Object.assign(process.env, ${JSON.stringify(values)});`;
  expect(await runExample(example, before)).toMatchObject({ code: 0, stderr: '', stdout: '' });
  expect(await queue()).toMatchObject([
    { version: '3', prediction: 'stays', correct: false, correctedLabel: 'leaves', identifier: 'ada', score: 1 },
  ]);
}, 60_000);

const curl = findTool('curl');

(curl ? test : test.skip)(
  'the commands of SERVICE.md',
  async () => {
    await collector.call('POST', '/v1/predictions', {
      model: 'churn',
      version: '1',
      id: 'a-17',
      prediction: 'stays',
      features: { age: 41 },
    });
    const script = codeBlocks('collector/SERVICE.md', 'sh').find((block) => block.includes('/v1/feedback')) as string;
    const [taking = '', deciding = ''] = script
      .replace('http://127.0.0.1:8080', collector.url)
      .replace('Bearer …', `Bearer ${TOKEN}`)
      .split(/^(?=# The queue)/m);
    const run = (commands: string) =>
      start('sh', ['-ec', `cd '${folder.path('')}'\n${commands.replaceAll('curl ', 'curl -sS ')}`]).ended;
    expect(await run(taking)).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('"accepted":1') });
    const mine = (await queue()).find(({ predictionId }) => predictionId === 'a-17');
    const [head = ''] = taking.split('# Taken');
    const decided = await run(head + deciding.replace('109be0da5b9f5819f7d046e12b971179', String(mine?.['id'])));
    expect(decided).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringContaining('"status":"accepted","label":"leaves"'),
    });
    expect(decided.stdout).toContain('"verdict":"insufficient_data"');
    const shown = await start('cat', [folder.path('examples.jsonl'), folder.path('examples.csv')]).ended;
    expect(shown.stdout).toContain('"code":"too_little_feedback"');
    expect(shown.stdout).toMatch(/feature\.age\n\S+,a-17,\S+,1,stays,leaves,3,feedback,41\n/);
  },
  60_000,
);
