/** Whatever is sent, the edge answers, never with a fault of its own, and as its document says. */
import fc from 'fast-check';
import { contractOf, type Contract } from './support/contract.ts';
import { faultsOf, requestsOf, send } from './support/requests.ts';
import { startApp, type TestApp } from './support/test-app.ts';

/** Each sends one request of every operation. */
const RUNS = 60;

let on: TestApp;
let contract: Contract;
beforeAll(async () => {
  on = await startApp();
  contract = contractOf(await (await on.get('/openapi.json')).json());
});
afterAll(() => on.app.close());

test('no request makes a fault, a crash or a hang, and every answer is as the document says', async () => {
  const seen = new Map<string, Set<number>>();
  await fc.assert(
    fc.asyncProperty(requestsOf(contract), async (requests) => {
      for (const request of requests) {
        const response = await send(on.url, request);
        seen.set(request.operation, (seen.get(request.operation) ?? new Set()).add(response.status));
        expect([request, response.status < 500]).toEqual([request, true]);
        expect([request, faultsOf(contract, request, response, await response.text())]).toEqual([request, []]);
      }
    }),
    { numRuns: RUNS },
  );
  // The generator must reach the handlers, or it would show nothing.
  const reached = contract.operations.filter((name) => [...(seen.get(name) ?? [])].some((status) => status < 400));
  expect(reached.sort()).toEqual([...contract.operations].sort());
  expect((await on.get('/livez')).status).toBe(200);
});
