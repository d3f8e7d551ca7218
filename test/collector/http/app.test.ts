import { connect } from 'node:net';
import fastify from 'fastify';
import { listen } from '../../../collector/src/http/listen.ts';
import { errorBody, startApp, type TestApp } from './support/test-app.ts';

let on: TestApp;
let url: string;

beforeEach(async () => {
  on = await startApp();
  url = on.url;
});
afterEach(() => on.app.close());

async function raw(request: string): Promise<{ status: number; body: unknown }> {
  const { status, text } = await on.raw(request);
  return { status, body: JSON.parse(text) };
}

const get = (target: string) => raw(`GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);

describe('the HTTP app', () => {
  test('serves metrics, and a query changes nothing', async () => {
    const response = await fetch(`${url}/metrics?x=../y//z`);
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('up 1\n');
  });

  test('is alive before it is ready', async () => {
    on.state.notReady = 'The model is being trained.';
    const live = await fetch(`${url}/livez`);
    expect([live.status, await live.json()]).toEqual([200, { status: 'alive' }]);
    const waiting = await fetch(`${url}/readyz`);
    expect(waiting.status).toBe(503);
    expect(await waiting.json()).toEqual({ ...errorBody('not_ready'), message: on.state.notReady });
    on.state.notReady = undefined;
    const ready = await fetch(`${url}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready' }]);
  });

  test('answers may not be cached or taken for a page', async () => {
    const { headers } = await fetch(`${url}/livez`);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('an unknown path is 404, a wrong method 405 with what is allowed', async () => {
    const missing = await fetch(`${url}/nothing`);
    expect(missing.status).toBe(404);
    expect(await missing.json()).toEqual(errorBody('not_found'));
    const posted = await fetch(`${url}/metrics`, { method: 'POST', body: 'x' });
    expect(posted.status).toBe(405);
    expect(posted.headers.get('allow')).toBe('GET, HEAD');
    expect(await posted.json()).toEqual(errorBody('method_not_allowed'));
    expect((await fetch(`${url}/livez`, { method: 'HEAD' })).status).toBe(200);
  });

  test.each([
    '/../metrics',
    '/a/..%2fmetrics',
    '/%2E%2e/metrics',
    '//metrics',
    '/a\\metrics',
    '/a%5cb',
    '/a%2Fb',
    '/..',
  ])('the path %s is refused before routing', async (target) => {
    expect(await get(target)).toEqual({ status: 400, body: errorBody('invalid_path') });
  });

  test('a path that is no percent-encoding, and an absolute target, are refused in the same shape', async () => {
    expect(await get('/%zz')).toEqual({
      status: 400,
      body: expect.objectContaining({ requestId: expect.any(String) }),
    });
    expect((await get('http://elsewhere/metrics')).status).toBe(400);
  });

  test('what is not HTTP, and headers without end, get an answer too', async () => {
    expect(await raw('nonsense\r\n\r\n')).toEqual({ status: 400, body: errorBody('invalid_request') });
    const large = `GET /livez HTTP/1.1\r\nHost: x\r\nX-Large: ${'x'.repeat(20_000)}\r\n\r\n`;
    expect(await raw(large)).toEqual({ status: 431, body: errorBody('invalid_request') });
  });

  test('closing does not wait for a client that keeps its connection', async () => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    const closed = new Promise((resolve) => socket.on('close', resolve));
    await new Promise((resolve) => {
      socket.once('data', resolve);
      socket.write('GET /livez HTTP/1.1\r\nHost: x\r\n\r\n');
    });
    await on.app.close();
    await closed;
    await expect(fetch(`${url}/livez`)).rejects.toThrow();
  });
});

describe('listening', () => {
  const fresh = () => fastify();

  test('a port in use is one clear sentence and exit code 4', async () => {
    const port = Number(new URL(url).port);
    const other = fresh();
    await expect(listen(other, { host: '127.0.0.1', port })).rejects.toMatchObject({
      code: 'port_in_use',
      exitCode: 4,
      message: `port: ${port} on 127.0.0.1 is in use.`,
    });
    await other.close();
  });

  test('a host of another machine is named', async () => {
    const other = fresh();
    await expect(listen(other, { host: '192.0.2.1', port: 0 })).rejects.toMatchObject({
      code: 'invalid_configuration',
      message: expect.stringContaining('host: "192.0.2.1"'),
    });
    await other.close();
  });

  test('a wildcard address is shown as one a browser can open', async () => {
    const other = fresh();
    expect(await listen(other, { host: '0.0.0.0', port: 0 })).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    await other.close();
  });
});
