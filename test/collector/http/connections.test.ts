/** Connections: too slow, cut off, half closed, pipelined. */
import { connect, type Socket } from 'node:net';
import { errorBody, startApp, type TestApp } from './support/test-app.ts';

const MIB = 1024 * 1024;

let on: TestApp;
afterEach(() => on.app.close());

const row = (id: string) => JSON.stringify({ model: 'm', version: '1', id, prediction: 'a' });

/** A connection of its own that collects what it is answered. */
function open(): { socket: Socket; answered: () => string; closed: Promise<void>; until(text: string): Promise<void> } {
  const socket = connect(Number(new URL(on.url).port), '127.0.0.1');
  let text = '';
  const watchers = new Set<() => void>();
  socket.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
    for (const watcher of watchers) watcher();
  });
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) => void socket.on('close', () => resolve()));
  const until = (wanted: string) =>
    new Promise<void>((resolve) => {
      const look = () => void (text.includes(wanted) && resolve());
      watchers.add(look);
      look();
    });
  return { socket, answered: () => text, closed, until };
}

const head = (length: number, more = '') =>
  `POST /v1/predictions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n${more}\r\n`;

describe('connections', () => {
  test('a body that does not come is 408, and the connection is closed', async () => {
    on = await startApp({ bodyTimeout: 50 });
    const { socket, closed, answered } = open();
    socket.write(`${head(100)}[`);
    await closed;
    expect(answered()).toMatch(/^HTTP\/1\.1 408 /);
    expect(JSON.parse(answered().split('\r\n\r\n')[1] as string)).toEqual(errorBody('request_timeout'));
    expect(on.ingest.batches).toEqual([]);
  });

  test('headers that do not come are 408 too', async () => {
    on = await startApp({ headersTimeout: 50 });
    const { socket, closed, answered } = open();
    socket.write('POST /v1/predictions HTTP/1.1\r\nHost: localhost\r\n');
    await closed;
    expect(answered()).toMatch(/^HTTP\/1\.1 408 /);
  });

  test('a client that goes in the middle of its body leaves nothing behind', async () => {
    on = await startApp();
    const { socket, closed } = open();
    socket.write(`${head(1000)}[{"id":`);
    socket.resetAndDestroy();
    await closed;
    expect((await on.send('POST', '/v1/predictions', row('a'))).status).toBe(200);
    expect(on.ingest.batches).toHaveLength(1);
  });

  test('a client that closes its half is answered', async () => {
    on = await startApp();
    const answer = await on.raw(`${head(row('a').length, 'Connection: close\r\n')}${row('a')}`);
    expect([answer.status, JSON.parse(answer.text)]).toEqual([200, expect.objectContaining({ accepted: 1 })]);
  });

  test('pipelined requests are answered in their order', async () => {
    on = await startApp();
    const { socket, until, answered } = open();
    const body = row('first');
    socket.write(
      `${head(body.length)}${body}GET /v1/models HTTP/1.1\r\nHost: localhost\r\n\r\nGET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n`,
    );
    await until('"not_found"');
    const statuses = [...answered().matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status));
    expect(statuses).toEqual([200, 200, 404]);
    socket.destroy();
  });

  test('after a refused body the rest of it is not taken for a request', async () => {
    on = await startApp();
    const { socket, closed, answered } = open();
    const smuggled = 'DELETE /v1/models/churn/versions/1 HTTP/1.1\r\nHost: localhost\r\n\r\n';
    socket.write(`${head(9 * MIB)}${smuggled}`);
    await closed;
    expect(answered()).toMatch(/^HTTP\/1\.1 413 /);
    expect(on.calls).toEqual([]);
  });
});
