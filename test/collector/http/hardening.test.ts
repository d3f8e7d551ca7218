/** An open service and web pages, traversal, rate limits. */
import { SCOPES } from '../../../collector/src/audit/scopes.ts';
import { fakeTokens } from './support/fakes.ts';
import { errorBody, startApp, type TestApp } from './support/test-app.ts';

let on: TestApp;
afterEach(() => on.app.close());

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe('an open service on loopback', () => {
  test('every scope is open while there is no token', async () => {
    on = await startApp();
    expect(await (await on.get('/v1/info')).json()).toMatchObject({
      scopes: [...SCOPES],
      actor: { name: 'anonymous' },
    });
  });

  test('a token nobody configured changes nothing', async () => {
    on = await startApp();
    expect((await on.get('/v1/models', bearer('any'))).status).toBe(200);
  });

  test('web pages cannot use the browser of its user', async () => {
    on = await startApp();
    const port = new URL(on.url).port;
    const request = (lines: string[]) =>
      on.raw(`${['GET /v1/models HTTP/1.1', ...lines, 'Connection: close'].join('\r\n')}\r\n\r\n`);
    const local = `Host: 127.0.0.1:${port}`;
    expect((await request([local])).status).toBe(200);
    expect((await request([`Host: localhost:${port}`])).status).toBe(200);
    expect((await request([`Host: [::1]:${port}`])).status).toBe(200);
    expect((await request([local, `Origin: http://127.0.0.1:${port}`])).status).toBe(200);
    expect((await request([local, 'Origin: https://evil.example'])).status).toBe(403);
    expect((await request([local, 'Origin: null'])).status).toBe(403);
    expect((await request([local, 'Sec-Fetch-Site: cross-site'])).status).toBe(403);
    expect((await request([`Host: evil.example:${port}`])).status).toBe(403);
    expect((await request(['Host: 127.0.0.1.evil.example'])).status).toBe(403);
  });

  test('elsewhere nothing is open without a token', async () => {
    on = await startApp({ auth: { loopback: false } });
    expect((await on.get('/v1/models')).status).toBe(401);
  });

  test('no answer allows another origin', async () => {
    on = await startApp();
    for (const method of ['GET', 'OPTIONS']) {
      const response = await on.send(method, '/v1/models', undefined, { origin: 'https://evil.example' });
      expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });
});

describe('traversal', () => {
  // Recorded from Grafana's plugin proxy: a read route carrying its token to an operate path.
  const TARGETS = [
    '/api/read/../operate/rollback',
    '/api/read/..%2foperate%2frollback',
    '/v1/models/churn/versions/../rollback',
    '/v1/models/..%2F..%2Faudit',
    '/v1/models/%2e%2e/rollback',
    '/v1//models',
    '/v1/models/churn\\rollback',
    '/v1/models/churn%5Crollback',
    '/v1/models/churn/versions/1/files/..%2f..%2fsecret',
    '/v1/models/churn/versions/1/files/%2E%2E/secret',
  ];
  test.each(TARGETS)('%s is refused before routing and before any token is looked at', async (target) => {
    on = await startApp({ auth: { tokens: fakeTokens({ secret: { scopes: ['admin'] } }) } });
    const answer = await on.raw(
      `POST ${target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer secret\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
    );
    expect([answer.status, JSON.parse(answer.text)]).toEqual([400, errorBody('invalid_path')]);
    expect(on.calls).toEqual([]);
  });
});

describe('rate limits', () => {
  test('count per token, and say when to come again', async () => {
    const tokens = fakeTokens({ busy: { scopes: ['read'] }, calm: { scopes: ['read'] } });
    on = await startApp({ auth: { tokens }, rateLimit: 3 });
    for (let sent = 0; sent < 3; sent++) expect((await on.get('/v1/models', bearer('busy'))).status).toBe(200);
    const limited = await on.get('/v1/models', bearer('busy'));
    expect([limited.status, await limited.json()]).toEqual([429, errorBody('rate_limited')]);
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await on.get('/v1/models', bearer('calm'))).status).toBe(200);
    expect((await on.get('/livez')).status).toBe(200);
  });

  test('guessing tokens is slowed down, and hurts nobody who has one', async () => {
    on = await startApp({ auth: { tokens: fakeTokens({ secret: { scopes: ['read'] } }) }, rateLimit: 10 });
    const statuses = new Set<number>();
    for (let sent = 0; sent < 310; sent++) statuses.add((await on.get('/v1/models', bearer(`guess${sent}`))).status);
    expect([...statuses]).toEqual([401, 429]);
    expect((await on.get('/v1/models', bearer('secret'))).status).toBe(200);
  });

  test('are by the address a trusted proxy names; another’s word for it is not taken', async () => {
    const auth = { tokens: fakeTokens({ secret: { scopes: ['read'] } }) };
    const last = async (names: readonly string[]) => {
      let status = 0;
      for (const name of names) {
        const headers = { ...bearer('guess'), 'x-forwarded-for': name };
        ({ status } = await on.get('/v1/models', headers));
      }
      return status;
    };
    const many = Array.from({ length: 301 }, () => '203.0.113.1');
    on = await startApp({ auth, trustProxy: '127.0.0.1' });
    expect([await last(many), await last(['203.0.113.2'])]).toEqual([429, 401]);
    await on.app.close();
    on = await startApp({ auth });
    expect([await last(many), await last(['203.0.113.2'])]).toEqual([429, 429]);
  });
});
