/** The document: valid, complete, and what the routes really answer. */
import { Validator } from '@seriousme/openapi-schema-validator';
import { contractOf, type Contract } from './support/contract.ts';
import { fakeTokens } from './support/fakes.ts';
import { startApp, type TestApp } from './support/test-app.ts';

let on: TestApp;
let contract: Contract;
beforeAll(async () => {
  on = await startApp();
  contract = contractOf(await (await on.get('/openapi.json')).json());
});
afterAll(() => on.app.close());

/** DESIGN §6, copied by hand: the routes of this step. */
const DESIGN: readonly string[] = [
  ...['POST /v1/predictions', 'POST /v1/labels', 'GET /v1/models', 'GET /v1/models/{model}'],
  ...['GET /v1/models/{model}/versions', 'GET /v1/models/{model}/versions/{version}'],
  ...['GET /v1/models/{model}/versions/{version}/files/{path}', 'GET /v1/models/{model}/versions/compare'],
  ...['GET /v1/models/{model}/live', 'GET /v1/models/{model}/performance', 'GET /v1/models/{model}/drift'],
  ...['GET /v1/models/{model}/distribution', 'GET /v1/models/{model}/transitions', 'GET /v1/models/{model}/policy'],
  ...['GET /v1/audit', 'POST /v1/models/{model}/versions', 'PATCH /v1/models/{model}/versions/{version}'],
  ...['POST /v1/models/{model}/versions/{version}/transition', 'POST /v1/models/{model}/rollback'],
  ...['PUT /v1/models/{model}', 'PUT /v1/models/{model}/policy', 'DELETE /v1/models/{model}/versions/{version}'],
  ...['POST /v1/feedback', 'GET /v1/models/{model}/feedback', 'GET /v1/models/{model}/feedback/patterns'],
  ...['POST /v1/models/{model}/feedback/{id}/review', 'POST /v1/models/{model}/feedback/export'],
  ...['GET /v1/models/{model}/experiments', 'GET /v1/models/{model}/experiments/{experiment}'],
  ...['PUT /v1/models/{model}/experiments/{experiment}', 'GET /v1/models/{model}/assignment', 'GET /v1/assignments'],
  ...['POST /v1/models/{model}/evaluate', 'GET /v1/models/{model}/evaluations'],
  ...['GET /v1/models/{model}/evaluations/{id}', 'POST /v1/models/{model}/evaluations/{id}/cancel'],
  ...['GET /v1/models/{model}/retraining', 'GET /v1/models/{model}/retraining/{run}'],
  ...['GET /v1/models/{model}/retraining/plan', 'POST /v1/models/{model}/retraining'],
  ...['POST /v1/models/{model}/retraining/{run}/cancel', 'POST /v1/models/{model}/retraining/{run}/callback'],
  'POST /v1/alerts',
  ...['GET /v1/info', 'POST /v1/info', 'GET /metrics', 'GET /livez', 'GET /readyz'],
];

describe('the document', () => {
  test('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    const result = await validator.validate({ ...structuredClone(contract.document) });
    expect([result.valid, result.errors]).toEqual([true, undefined]);
    expect(validator.version).toBe('3.1');
  });

  test('names every route of the design', () => {
    expect(contract.operations).toEqual(expect.arrayContaining([...DESIGN]));
  });

  test('every operation has an id of its own, a summary, and says what it needs', () => {
    const operations = contract.operations.map((name) => contract.operation(name));
    const ids = operations.map(({ operationId }) => operationId);
    const api = operations.filter(({ security = [] }) => security.length > 0);
    expect(new Set(ids).size).toBe(ids.length);
    for (const operation of operations) expect(operation.summary).toMatch(/\w/);
    for (const operation of api) expect(operation.description).toMatch(/Scope: `\w+`|Any token/);
    expect(api.length).toBe(DESIGN.length + 1 - 4); // + gates; − metrics, livez, readyz, callback
  });

  test('a schema can be broken: an answer without its fields, or with one of another type, does not conform', () => {
    expect(contract.faults('GET /v1/models/{model}', 200, { model: 'churn' })).not.toEqual([]);
    expect(contract.faults('GET /v1/models', 200, { items: [], next: 3 })).not.toEqual([]);
    expect(contract.faults('GET /v1/models', 404, { message: 'gone' })).not.toEqual([]);
    expect(contract.faults('GET /v1/models', 200, { items: [], next: null })).toEqual([]);
  });
});

describe('answers', () => {
  test.each([
    ['POST', '/v1/predictions', [{ id: 'a' }, {}], 200],
    ['POST', '/v1/predictions', [{}], 400],
    ['POST', '/v1/labels', { id: 'a' }, 200],
    ['GET', '/v1/models', undefined, 200],
    ['GET', '/v1/models?limit=0', undefined, 400],
    ['GET', '/v1/models/churn', undefined, 200],
    ['GET', '/v1/models/unknown', undefined, 404],
    ['GET', '/v1/models/churn/versions?limit=1', undefined, 200],
    ['GET', '/v1/models/churn/versions/2', undefined, 200],
    ['GET', '/v1/models/churn/versions/2/gates?to=production', undefined, 200],
    ['GET', '/v1/models/churn/versions/compare?a=1&b=2', undefined, 200],
    ['GET', '/v1/models/churn/live?at=2026-01-01T00:00:00Z', undefined, 200],
    ['GET', '/v1/models/churn/performance?from=0&to=2026-01-01', undefined, 200],
    ['GET', '/v1/models/churn/drift?window=500', undefined, 200],
    ['GET', '/v1/models/churn/distribution', undefined, 200],
    ['GET', '/v1/models/churn/transitions', undefined, 200],
    ['GET', '/v1/models/churn/policy', undefined, 200],
    ['GET', '/v1/models/churn/experiments', undefined, 200],
    ['GET', '/v1/models/churn/experiments/blue', undefined, 200],
    ['GET', '/v1/models/unknown/experiments/blue', undefined, 404],
    ['PUT', '/v1/models/churn/experiments/blue', { state: 'paused', reason: 'tea' }, 200],
    ['GET', '/v1/models/churn/assignment?key=k', undefined, 200],
    ['GET', '/v1/models/churn/assignment', undefined, 200],
    ['GET', '/v1/assignments?model=churn', undefined, 200],
    ['GET', '/v1/audit?model=churn', undefined, 200],
    ['POST', '/v1/models/churn/versions', { path: '/models/churn' }, 201],
    ['PATCH', '/v1/models/churn/versions/2', { tags: { a: 'b' } }, 200],
    ['POST', '/v1/models/churn/versions/2/transition', { to: 'staging', reason: 'ready' }, 200],
    ['POST', '/v1/models/churn/versions/2/transition', { to: 'production', reason: 'ready' }, 409],
    ['POST', '/v1/models/churn/rollback', { to: '1', reason: 'worse' }, 200],
    ['PUT', '/v1/models/churn', { task: 'classification' }, 200],
    ['PUT', '/v1/models/churn/policy', { retentionDays: 7 }, 200],
    ['GET', '/v1/info', undefined, 200],
    ['GET', '/livez', undefined, 200],
    ['GET', '/readyz', undefined, 200],
  ] as const)('%s %s is as the document says', async (method, path, body, status) => {
    const response = await on.send(method, path, body);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    const operation = contract.operationOf(method, path);
    expect(contract.faults(operation, status, await response.json())).toEqual([]);
  });
});

describe('the page', () => {
  test('is served from here, and its policy allows nothing else', async () => {
    const page = await on.get('/docs/');
    const html = await page.text();
    expect(page.status).toBe(200);
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/https?:|\*|unsafe-eval|script-src[^;]*unsafe/);
    const sources = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, source]) => source as string);
    expect(sources.length).toBeGreaterThan(3);
    for (const source of sources) {
      expect(source).not.toMatch(/^(?:https?:)?\/\//);
      expect((await on.get(new URL(source, `${on.url}/docs/`).pathname)).status).toBe(200);
    }
    // The policy forbids scripts written into the page, so there must be none.
    expect(html).not.toMatch(/<script(?![^>]*src)[^>]*>[^<]*\S/);
  });

  test('and the document need no token; the routes behind it do', async () => {
    const closed = await startApp({ auth: { tokens: fakeTokens({ secret: {} }) } });
    expect((await closed.get('/docs/')).status).toBe(200);
    expect((await closed.get('/openapi.json')).status).toBe(200);
    expect((await closed.get('/v1/models')).status).toBe(401);
    await closed.app.close();
  });
});
