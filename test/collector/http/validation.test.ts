/** What is wrong with a request is said with the name of the field and the remedy. */
import { errorBody, startApp, type TestApp } from './support/test-app.ts';

let on: TestApp;
beforeEach(async () => void (on = await startApp()));
afterEach(() => on.app.close());

const asked = (name: string) => on.calls.filter((call) => call.name === name).map(({ args }) => args);

describe('validation names the field and the remedy', () => {
  test.each([
    ['GET', '/v1/models?limt=3', undefined, 'query: "limt" is not known here.', 'Known are: limit, cursor.'],
    ['GET', '/v1/models?limit=1.5', undefined, 'query.limit: must be integer.', ''],
    ['GET', '/v1/models?limit=1e2', undefined, 'query.limit: must be integer.', ''],
    ['GET', '/v1/models?limit=501', undefined, 'query.limit: must be <= 500.', ''],
    ['GET', '/v1/models?limit=1&limit=2', undefined, 'query.limit: must be integer.', ''],
    ['GET', '/v1/models?cursor=abc', undefined, 'query.cursor: is no cursor of this list.', 'next'],
    ['GET', '/v1/models/a%20b', undefined, 'path.model: has a character', ''],
    ['GET', `/v1/models/${'a'.repeat(129)}`, undefined, 'path.model: has a character, a length', ''],
    ['GET', '/v1/models/churn/live?at=yesterday', undefined, 'query.at: is no time.', 'RFC 3339'],
    ['GET', '/v1/models/churn/live?at=8640000000000001', undefined, 'query.at: is no time.', 'RFC 3339'],
    ['GET', '/v1/models/churn/performance?from=01/02/2026', undefined, 'query.from: is no time.', 'RFC 3339'],
    ['GET', '/v1/models/churn/drift?window=0', undefined, 'query.window: must be >= 1.', ''],
    ['GET', '/v1/models/churn/versions/compare?a=1', undefined, 'query: "b" is missing.', 'Add "b".'],
    ['GET', '/v1/models/churn/versions/1/gates?to=prod', undefined, 'query.to: must be one of "development"', ''],
    ['POST', '/v1/models/churn/rollback', { to: '1' }, 'body: "reason" is missing.', 'Add "reason".'],
    ['POST', '/v1/models/churn/rollback', { to: 1, reason: 'x' }, 'body.to: must be string.', ''],
    ['POST', '/v1/models/churn/rollback', { to: '1', reason: 'x', why: 1 }, 'body: "why" is not known', 'to, reason'],
    ['POST', '/v1/models/churn/rollback', [], 'body: must be object.', ''],
    ['POST', '/v1/models/churn/rollback', undefined, 'body: must be object.', ''],
    [
      'PUT',
      '/v1/models/churn/policy',
      { gates: { staging: [{ metrc: 'x' }] } },
      'body.gates.staging.0: "metrc"',
      'metric',
    ],
    ['PUT', '/v1/models/churn/policy', { gate: {} }, 'body: "gate" is not known here.', 'gates, evidence, thresholds'],
    [
      'PUT',
      '/v1/models/churn/policy',
      { gates: { prod: [] } },
      'body.gates: "prod" is not known',
      'staging, production',
    ],
    ['PUT', '/v1/models/churn/policy', { evidence: { days: 7 } }, 'body.evidence: "days" is not known', 'windowDays'],
    ['PUT', '/v1/models/churn', { features: { age: { pii: 'keep' } } }, 'body.features.age.pii: must be one of', ''],
    ['PATCH', '/v1/models/churn/versions/1', { tags: { a: 3 } }, 'body.tags.a: must be string.', ''],
    ['POST', '/v1/models/churn/versions', {}, 'body: "path" is missing.', 'Add "path".'],
  ])('%s %s', async (method, path, body, message, help) => {
    const response = await on.send(method, path, body);
    const answer = (await response.json()) as { message: string; help: string };
    expect([response.status, answer]).toEqual([400, errorBody('invalid_request')]);
    expect(answer.message).toContain(message);
    expect(answer.help).toContain(help);
    expect(on.calls).toEqual([]);
  });

  test('a reference profile is checked where it comes in', async () => {
    const response = await on.send('POST', '/v1/models/churn/versions', { path: '/m', reference: { format: 'other' } });
    expect([response.status, await response.json()]).toEqual([400, errorBody('invalid_reference')]);
  });

  test('a refused gate keeps its gates beside the message', async () => {
    const path = '/v1/models/churn/versions/2/transition';
    const response = await on.send('POST', path, { to: 'production', reason: 'now' });
    const gates = [expect.objectContaining({ metric: 'accuracy', need: 0.85, value: 0.8, n: 1000, met: false })];
    expect([response.status, await response.json()]).toEqual([409, { ...errorBody('gate_not_met'), gates }]);
  });

  test('an override asks for the scope admin and is passed on', async () => {
    const body = { to: 'production', reason: 'known issue', override: true };
    expect((await on.send('POST', '/v1/models/churn/versions/2/transition', body)).status).toBe(200);
    expect(asked('transition')[0]?.[2]).toEqual(body);
  });

  test('of a policy, gates and evidence are taken each part by itself, and the whole is answered', async () => {
    const change = { gates: { production: [{ metric: 'accuracy', min: 0.9 }] }, evidence: { windowDays: 7 } };
    const before = (await (await on.get('/v1/models/churn/policy')).json()) as { gates: object; evidence: object };
    const response = await on.send('PUT', '/v1/models/churn/policy', change);
    expect([response.status, asked('setPolicy')[0]?.[1]]).toEqual([200, change]);
    expect(await response.json()).toMatchObject({
      gates: { ...before.gates, ...change.gates },
      evidence: { ...before.evidence, ...change.evidence },
    });
  });

  test('times are passed on as milliseconds', async () => {
    await on.get('/v1/models/churn/performance?from=2026-01-01T00:00:00Z&to=1767312000000&version=2');
    const query = { model: 'churn', version: '2', from: Date.UTC(2026, 0, 1), to: Date.UTC(2026, 0, 2) };
    expect(asked('performance')).toEqual([[query]]);
  });
});
