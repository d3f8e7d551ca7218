/** What stands in the log: the ids of requests, and no secret. */
import { fakeTokens } from './support/fakes.ts';
import { startApp, type TestApp } from './support/test-app.ts';
import pino from 'pino';
import { logOptions } from '../../../collector/src/http/log.ts';

let on: TestApp;
afterEach(() => on.app.close());

const SECRETS = { token: 'plumbline_top-secret-token', identity: 'eyJhbGciOiJFUzI1NiJ9.secret-identity.x' };
const headers = {
  authorization: `Bearer ${SECRETS.token}`,
  'x-grafana-id': SECRETS.identity,
  'x-grafana-context': '{"Login":"grace-the-user"}',
  cookie: 'session=secret-cookie',
};

test('at the finest level, whatever happens, no line holds a token, an identity, a cookie or the query', async () => {
  on = await startApp({ auth: { tokens: fakeTokens({ [SECRETS.token]: { scopes: ['read'] } }), loopback: false } });
  const calls: [string, string, unknown?][] = [
    ['GET', '/v1/models?cursor=secret-query'],
    ['GET', '/nothing?key=secret-query'],
    ['POST', '/v1/models/churn/rollback', { to: '1', reason: 'secret-body' }],
    ['POST', '/v1/predictions', 'secret-body'],
    ['GET', '/v1/models/churn'],
  ];
  for (const [method, path, body] of calls) {
    await on.send(method, path, body, headers);
    await on.send(method, path, body, { ...headers, authorization: `Bearer other-${SECRETS.token}` });
  }
  await on.raw(`GET /%zz HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${SECRETS.token}\r\nConnection: close\r\n\r\n`);
  const log = on.log.join('');
  expect(log.split('\n').length).toBeGreaterThan(calls.length * 2);
  expect(log).not.toMatch(/top-secret-token|secret-identity|grace-the-user|secret-cookie|secret-query|secret-body/);
});

test('an error is found by the id its answer and its header carry; a sane id of the client is kept', async () => {
  on = await startApp({
    metrics: () => {},
    notReady: () => {
      throw new Error('the cause');
    },
  });
  const response = await on.get('/readyz', { 'x-request-id': 'trace-0123456789' });
  const answer = (await response.json()) as { requestId: string; message: string };
  expect([response.status, answer.requestId, answer.message]).toEqual([500, 'trace-0123456789', 'The request failed.']);
  expect(response.headers.get('x-request-id')).toBe('trace-0123456789');
  const line = on.log.map((text) => JSON.parse(text) as Record<string, unknown>).find(({ level }) => level === 50);
  expect(line).toMatchObject({ reqId: 'trace-0123456789', err: { message: 'the cause' } });
  for (const made of ['x', 'a b c d e f g h', '<script>alert(1)</script>', 'é'.repeat(10), 'x'.repeat(65)]) {
    const value = Buffer.from(made, 'utf8').toString('latin1');
    const id = (await on.get('/livez', { 'x-request-id': value })).headers.get('x-request-id');
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
  }
});

test('objects that are logged whole lose their secrets', async () => {
  on = await startApp();
  const lines: string[] = [];
  const logger = pino(logOptions('info'), { write: (line: string) => void lines.push(line) });
  logger.info({ headers, token: SECRETS.token, password: 'p4ssw0rd' }, 'whole');
  logger.info(headers, 'flat');
  logger.info({ request: { headers } }, 'deep');
  expect(lines.join('')).not.toMatch(/top-secret-token|secret-identity|grace-the-user|secret-cookie|p4ssw0rd/);
  expect(lines.join('')).toContain('[secret]');
});

test('an error of a database keeps its values to itself', () => {
  const lines: string[] = [];
  const logger = pino(logOptions('info'), { write: (line: string) => void lines.push(line) });
  const error = Object.assign(new Error('duplicate key'), { code: '23505', detail: 'Key (id)=(secret-value)' });
  logger.error(error, 'failed');
  expect(JSON.parse(lines[0] as string)).toMatchObject({ err: { code: '23505', message: 'duplicate key' } });
  expect(lines[0]).not.toContain('secret-value');
});
