/** The whole service under requests made from its own document: no fault, no crash, no hang, and a sound store afterwards. */
import fc from 'fast-check';
import { endChildren, plumbline, temporaryFolder } from '../collector/cli/support/plumbline.ts';
import { contractOf } from '../collector/http/support/contract.ts';
import { faultsOf, requestsOf, send } from '../collector/http/support/requests.ts';
import { startCollector } from './support/collector.ts';

const folder = temporaryFolder();
afterAll(async () => {
  await endChildren();
  folder.remove();
});

/** Each sends one request of every operation, all at once, as clients do. */
const RUNS = 25;

test('the service answers whatever is sent', async () => {
  const env = { PLUMBLINE_DATA: folder.path('data'), PLUMBLINE_RATE_LIMIT: '0' };
  const on = await startCollector(env);
  const contract = contractOf((await on.call('GET', '/openapi.json')).body);
  const form = new FormData();
  form.append('version', '1');
  form.append('files', new Blob(['hello']), 'model.bin');
  await on.call('POST', '/v1/models/churn/versions', form);
  const rows = Array.from({ length: 300 }, (_, row) => ({
    model: 'churn',
    version: '1',
    id: `r${row}`,
    prediction: row % 3,
  }));
  await on.call('POST', '/v1/predictions', rows);
  await fc.assert(
    fc.asyncProperty(requestsOf(contract), async (requests) => {
      await Promise.all(
        requests.map(async (request) => {
          const response = await send(on.url, request);
          const text = await response.text();
          expect([request, text, response.status < 500]).toEqual([request, text, true]);
          expect([request, faultsOf(contract, request, response, text)]).toEqual([request, []]);
        }),
      );
    }),
    { numRuns: RUNS },
  );
  expect((await on.call('GET', '/readyz')).status).toBe(200);
  on.process.child.kill('SIGTERM');
  const { code, stderr } = await on.process.ended;
  expect([code, stderr.split('\n').filter((line) => line.includes('"level":50'))]).toEqual([0, []]);
  expect(await plumbline(['verify'], env)).toMatchObject({ code: 0 });
});
