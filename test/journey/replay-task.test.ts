/** `plumbline replay --collector` of a regression: the collector learns what kind of model it is, or the user learns what to do. */
import { writeFileSync } from 'node:fs';
import { endChildren, plumbline, temporaryFolder } from '../collector/cli/support/plumbline.ts';
import { startCollector, type Collector } from './support/collector.ts';

const ADMIN = 'admin-token-of-enough-length';
const SENDER = 'sender-token-of-enough-length';
const folder = temporaryFolder();
let collector: Collector;

beforeAll(async () => {
  // Each prediction is 2 too high.
  const lines = Array.from({ length: 300 }, (_, row) => [row % 17, (row % 10) * 3 + 2, (row % 10) * 3].join(','));
  writeFileSync(folder.path('prices.csv'), ['size,predicted,paid', ...lines].join('\n'));
  const env = {
    PLUMBLINE_DATA: folder.path('data'),
    PLUMBLINE_TOKENS: `admin+ingest:${ADMIN},ingest+read:${SENDER}`,
  };
  collector = await startCollector(env, ADMIN);
}, 60_000);
afterAll(async () => {
  await endChildren();
  folder.remove();
});

const replay = (model: string, token: string) =>
  plumbline([
    ...['replay', folder.path('prices.csv'), '--model', model, '--version', '1', '--prediction', 'predicted'],
    ...['--label', 'paid', '--task', 'regression', '--collector', collector.url, '--token', token, '--json'],
  ]);

test('a model that the collector does not know is declared, and measured as what it is', async () => {
  const { code, stdout, stderr } = await replay('prices', ADMIN);
  expect([code, stderr]).toEqual([0, '']);
  expect(JSON.parse(stdout)).toMatchObject({
    performance: { labeled: 300, metrics: { mae: { value: 2, n: 300 }, bias: { value: 2 } } },
  });
});

test('once it is declared a token that only sends and reads is enough', async () => {
  expect(await replay('prices', SENDER)).toMatchObject({ code: 0, stderr: '' });
});

test('with a token that may not declare it nothing is sent, and the command for who may is told', async () => {
  const { code, stderr } = await replay('rents', SENDER);
  expect(code).toBe(1);
  const { message, help } = JSON.parse(stderr) as { readonly message: string; readonly help: string };
  expect(message).toContain('does not know "rents" as a regression');
  expect(help).toContain(`curl -X PUT ${collector.url}/v1/models/rents`);
  expect(help).toContain(`-d '{"task":"regression"}'`);
  expect((await collector.call('GET', '/v1/models/rents')).status).toBe(404);
});

test('a model of another task is not mixed with it', async () => {
  await collector.call('PUT', '/v1/models/churn', { classes: ['yes', 'no'] });
  const { code, stderr } = await replay('churn', ADMIN);
  expect(code).toBe(1);
  expect(JSON.parse(stderr)).toMatchObject({
    message: '--task: the collector has "churn" as a model of the task classification, not regression.',
  });
});
