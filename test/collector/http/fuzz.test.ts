/** Whatever is sent, the edge answers, never with a fault of its own, and as its document says. */
import fc from 'fast-check';
import { contractOf, type Contract } from './support/contract.ts';
import { requestsOf, type MadeRequest } from './support/requests.ts';
import { startApp, type TestApp } from './support/test-app.ts';

/** Each sends one request of every operation. */
const RUNS = 40;

let on: TestApp;
let contract: Contract;
beforeAll(async () => {
  on = await startApp();
  contract = contractOf(await (await on.get('/openapi.json')).json());
});
afterAll(() => on.app.close());

async function send({ method, path, headers, body }: MadeRequest): Promise<Response> {
  return fetch(on.url + path, { method, headers, ...(body !== undefined && method !== 'GET' && { body }) });
}

/** What of an answer is not as the document says. Where the path turned out to be no route's, only the shape of errors is known. */
function faultsOf({ method }: MadeRequest, response: Response, text: string): string[] {
  if (response.headers.get('content-type')?.startsWith('application/json') !== true) return [];
  const answer = JSON.parse(text) as object;
  if (response.status >= 400) return 'code' in answer && 'requestId' in answer ? [] : [text];
  const path = decodeURI(new URL(response.url).pathname);
  return contract.faults(contract.operationOf(method, path), response.status, answer);
}

test('no request makes a fault, a crash or a hang, and every answer is as the document says', async () => {
  const seen = new Map<string, Set<number>>();
  await fc.assert(
    fc.asyncProperty(requestsOf(contract), async (requests) => {
      for (const request of requests) {
        const response = await send(request);
        seen.set(request.operation, (seen.get(request.operation) ?? new Set()).add(response.status));
        expect([request, response.status < 500]).toEqual([request, true]);
        expect([request, faultsOf(request, response, await response.text())]).toEqual([request, []]);
      }
    }),
    { numRuns: RUNS },
  );
  // The generator must reach the handlers, or it would show nothing.
  const reached = contract.operations.filter((name) => [...(seen.get(name) ?? [])].some((status) => status < 400));
  expect(reached.sort()).toEqual([...contract.operations].sort());
  expect((await on.get('/livez')).status).toBe(200);
});
