/** Who may do what: every scope against every route, and what is wrong with a token or an identity. */
import { SCOPES, type Scope } from '../../../collector/src/audit/scopes.ts';
import { fakeTokens } from './support/fakes.ts';
import { errorBody, signed, startApp, type TestApp } from './support/test-app.ts';

type Route = readonly [method: string, path: string, needs: Scope | 'any' | 'none', body?: unknown];

const move = { to: 'staging', reason: 'ready' };
const ROUTES: readonly Route[] = [
  ['POST', '/v1/predictions', 'ingest', [{ id: 'a' }]],
  ['POST', '/v1/labels', 'ingest', [{ id: 'a' }]],
  ['POST', '/v1/feedback', 'ingest', [{ id: 'a' }]],
  ['GET', '/v1/models', 'read'],
  ['GET', '/v1/models/churn', 'read'],
  ['GET', '/v1/models/churn/versions', 'read'],
  ['GET', '/v1/models/churn/versions/1', 'read'],
  ['GET', '/v1/models/churn/versions/1/files/model.bin', 'read'],
  ['GET', '/v1/models/churn/versions/1/gates?to=staging', 'read'],
  ['GET', '/v1/models/churn/versions/compare?a=1&b=2', 'read'],
  ['GET', '/v1/models/churn/live', 'read'],
  ['GET', '/v1/models/churn/performance', 'read'],
  ['GET', '/v1/models/churn/drift', 'read'],
  ['GET', '/v1/models/churn/distribution', 'read'],
  ['GET', '/v1/models/churn/transitions', 'read'],
  ['GET', '/v1/models/churn/policy', 'read'],
  ['GET', '/v1/models/churn/feedback/patterns', 'read'],
  ['GET', '/v1/models/churn/feedback', 'operate'],
  ['POST', `/v1/models/churn/feedback/${'a'.repeat(32)}/review`, 'operate', { decision: 'accepted' }],
  ['POST', '/v1/models/churn/feedback/export', 'operate', { source: 'all' }],
  ['GET', '/v1/models/churn/experiments', 'read'],
  ['GET', '/v1/models/churn/experiments/blue', 'read'],
  ['PUT', '/v1/models/churn/experiments/blue', 'admin', { description: 'new' }],
  ['GET', '/v1/models/churn/assignment?key=k', 'ingest'],
  ['GET', '/v1/assignments', 'ingest'],
  ['GET', '/v1/models/churn/retraining', 'read'],
  ['GET', '/v1/models/churn/retraining/plan', 'read'],
  ['GET', '/v1/models/churn/retraining/run-1', 'read'],
  ['GET', '/v1/models/churn/evaluations', 'operate'],
  ['GET', `/v1/models/churn/evaluations/${'e'.repeat(32)}`, 'operate'],
  ['POST', '/v1/models/churn/evaluate', 'operate', { versions: ['1'], stored: {} }],
  ['POST', `/v1/models/churn/evaluations/${'e'.repeat(32)}/cancel`, 'operate', {}],
  ['GET', '/v1/audit', 'read'],
  ['POST', '/v1/models/churn/versions', 'operate', { path: '/models/1' }],
  ['PATCH', '/v1/models/churn/versions/1', 'operate', { description: 'new' }],
  ['POST', '/v1/models/churn/versions/1/transition', 'operate', move],
  ['POST', '/v1/models/churn/rollback', 'operate', { to: '1', reason: 'worse' }],
  ['POST', '/v1/models/churn/retraining', 'operate', { reason: 'drift' }],
  ['POST', '/v1/models/churn/retraining/run-1/cancel', 'operate', { reason: 'enough' }],
  ['POST', '/v1/models/churn/retraining', 'admin', { reason: 'drift', override: true }],
  ['POST', '/v1/alerts', 'alerts', { alerts: [] }],
  ['POST', '/v1/models/churn/retraining/run-1/callback', 'none', { status: 'running' }],
  ['GET', '/v1/models/churn/retraining/run-1/data', 'none'],
  ['PUT', '/v1/models/churn', 'admin', { task: 'regression' }],
  ['PUT', '/v1/models/churn/policy', 'admin', { retentionDays: 10 }],
  ['DELETE', '/v1/models/churn/versions/1', 'admin'],
  ['POST', '/v1/models/churn/versions/1/transition', 'admin', { ...move, override: true }],
  ['GET', '/v1/info', 'any'],
  ['POST', '/v1/info', 'any'],
  ['GET', '/metrics', 'none'],
  ['GET', '/livez', 'none'],
  ['GET', '/readyz', 'none'],
  ['GET', '/openapi.json', 'none'],
];
/** Written out here: what the code derives is held against it. */
const MAY: Readonly<Record<Scope, readonly string[]>> = {
  read: ['read', 'any', 'none'],
  operate: ['read', 'operate', 'any', 'none'],
  admin: ['read', 'operate', 'admin', 'any', 'none'],
  ingest: ['ingest', 'any', 'none'],
  alerts: ['alerts', 'any', 'none'],
};

let on: TestApp;
afterEach(() => on.app.close());

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const call = ([method, path, , body]: Route, headers = {}) =>
  on.send(method, path, body, { ...headers, ...(path === '/v1/alerts' && signed(JSON.stringify(body))) });

describe('scopes', () => {
  test('the list is complete: a route of the API that is not in it would be tested by nobody', async () => {
    on = await startApp();
    const routes = new Set(ROUTES.map(([method, path]) => `${method} ${path.split('?')[0]}`));
    const known = [...routes].map((route) =>
      route
        .replace('/models/churn', '/models/{model}')
        .replace(/a{32}|e{32}/, '{id}')
        .replace('/versions/1', '/versions/{version}')
        .replace('/experiments/blue', '/experiments/{experiment}')
        .replace('run-1', '{run}')
        .replace('model.bin', '{path}'),
    );
    const { paths } = (await (await on.get('/openapi.json')).json()) as { paths: Record<string, object> };
    const documented = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(documented.sort()).toEqual(known.filter((route) => !route.includes('/openapi.json')).sort());
  });

  test.each(SCOPES)('a token with the scope %s passes where it may, and nowhere else', async (scope) => {
    on = await startApp({ auth: { tokens: fakeTokens({ secret: { scopes: [scope] } }) } });
    for (const route of ROUTES) {
      const response = await call(route, bearer('secret'));
      const may = MAY[scope].includes(route[2]);
      expect([route[0], route[1], response.status < 300]).toEqual([route[0], route[1], may]);
      if (!may) expect([response.status, await response.json()]).toEqual([403, errorBody('forbidden')]);
    }
  });

  test('scopes add up, and a token without any may only ask who it is', async () => {
    const tokens = fakeTokens({ both: { scopes: ['ingest', 'read'] }, none: {} });
    on = await startApp({ auth: { tokens } });
    for (const route of ROUTES) {
      expect([route, (await call(route, bearer('both'))).status < 300]).toEqual([
        route,
        ['ingest', 'read', 'any', 'none'].includes(route[2]),
      ]);
      expect([route, (await call(route, bearer('none'))).status < 300]).toEqual([
        route,
        ['any', 'none'].includes(route[2]),
      ]);
    }
  });

  test('the prefix of a path says nothing: another one has no routes', async () => {
    on = await startApp({ auth: { tokens: fakeTokens({ secret: { scopes: ['read'] } }) } });
    for (const path of ['/api/read/v1/models', '/operate/v1/models', '/v1/read/models'])
      expect((await on.get(path, bearer('secret'))).status).toBe(404);
  });

  test('/metrics asks for read where that is configured', async () => {
    const tokens = fakeTokens({ reader: { scopes: ['read'] }, writer: { scopes: ['ingest'] } });
    on = await startApp({ auth: { tokens }, metricsNeedToken: true });
    expect((await on.get('/metrics')).status).toBe(401);
    expect((await on.get('/metrics', bearer('writer'))).status).toBe(403);
    expect((await on.get('/metrics', bearer('reader'))).status).toBe(200);
    expect((await on.get('/livez')).status).toBe(200);
  });
});

describe('tokens', () => {
  test.each([
    ['none', undefined],
    ['an unknown one', 'Bearer other'],
    ['an empty one', 'Bearer '],
    ['another scheme', 'Basic c2VjcmV0'],
    ['two', 'Bearer secret secret'],
    ['the hash instead of the text', 'Bearer 2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b'],
  ])('%s: 401, whatever the route asks for', async (_name, authorization) => {
    on = await startApp({ auth: { tokens: fakeTokens({ secret: { scopes: ['admin'] } }) } });
    for (const route of ROUTES.filter(([, , needs]) => needs !== 'none')) {
      const response = await call(route, authorization === undefined ? {} : { authorization });
      expect([route, response.status]).toEqual([route, 401]);
      expect(await response.json()).toEqual(errorBody('unauthorized'));
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
    }
    expect(on.calls).toEqual([]);
  });

  test('through Grafana it is 403: a 401 would end the session of the user', async () => {
    on = await startApp({ auth: { tokens: fakeTokens({ secret: {} }) } });
    const response = await on.get('/v1/models', { ...bearer('other'), 'x-grafana-context': '{}' });
    expect([response.status, await response.json()]).toEqual([403, errorBody('token_refused')]);
  });

  test('/v1/info says what the token may and who that is', async () => {
    on = await startApp({ auth: { tokens: fakeTokens({ secret: { scopes: ['operate'], name: 'plugin' } }) } });
    const expected = {
      ...{ version: '1.2.3', apiVersion: 1, scopes: ['read', 'operate'], ready: true },
      actor: { name: 'plugin', role: null, verified: false, token: 't0' },
    };
    expect(await (await on.get('/v1/info', bearer('secret'))).json()).toEqual(expected);
    on.state.notReady = 'The disk is full.';
    const posted = await on.send('POST', '/v1/info', { any: 'thing' }, bearer('secret'));
    expect(await posted.json()).toEqual({ ...expected, ready: false });
  });

  test('who acted is written down, with the id of the request', async () => {
    on = await startApp({ auth: { tokens: fakeTokens({ secret: { scopes: ['operate'], name: 'plugin' } }) } });
    const headers = { ...bearer('secret'), 'x-request-id': 'my-request-1' };
    await on.send('POST', '/v1/models/churn/rollback', { to: '1', reason: 'worse' }, headers);
    expect(on.calls.at(-1)).toEqual({
      name: 'rollback',
      args: [
        'churn',
        { to: '1', reason: 'worse' },
        { actor: { name: 'plugin', role: null, verified: false, token: 't0' }, requestId: 'my-request-1' },
      ],
    });
  });

  test('an open service on loopback asks for none', async () => {
    on = await startApp();
    for (const route of ROUTES) expect([route, (await call(route)).status < 300]).toEqual([route, true]);
  });
});
