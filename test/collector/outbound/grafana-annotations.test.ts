import { createServer, type IncomingMessage, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import pino from 'pino';
import type { Config } from '../../../collector/src/config.ts';
import { openNews } from '../../../collector/src/service-news.ts';
import { untyped } from '../support/core.ts';

let grafana: Server;
let url: string;
let status: number;
const asked: { readonly path: string; readonly authorization: string | undefined; readonly body: unknown }[] = [];
const warned: string[] = [];

beforeEach(async () => {
  asked.length = 0;
  warned.length = 0;
  status = 200;
  grafana = createServer((request: IncomingMessage, response) => {
    void text(request).then((body) => {
      const { authorization } = request.headers;
      asked.push({ path: `${request.method} ${request.url}`, authorization, body: JSON.parse(body) });
      response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(grafana, 'listening');
  url = `http://127.0.0.1:${(grafana.address() as AddressInfo).port}`;
});
afterEach(() => void grafana.close());

const logger = pino({ level: 'warn' }, { write: (line) => void warned.push(line) });
const news = (token: string | undefined) =>
  openNews({ grafana: { url: `${url}/`, issuer: url, orgIds: [1], token } } satisfies Pick<Config, 'grafana'>, logger);
const MOVE = untyped<Parameters<ReturnType<typeof news>['moved']>[0]>({
  ...{ model: 'churn', version: '2', from: 'staging', to: 'production', kind: 'promoted' },
  ...{ at: '2026-11-25T04:00:00.000Z', reason: 'better on May' },
});

async function until(met: () => boolean): Promise<void> {
  while (!met()) await new Promise((resolve) => setImmediate(resolve));
}

test('moves and broken guardrails are written, with tags to find them by', async () => {
  const { moved, guardrail } = news('secret-token');
  moved(MOVE);
  await until(() => asked.length === 1);
  guardrail(untyped({ model: 'churn', experiment: 'blue', version: '3' }));
  await until(() => asked.length === 2);
  expect(asked).toEqual([
    {
      ...{ path: 'POST /api/annotations', authorization: 'Bearer secret-token' },
      body: {
        time: Date.parse('2026-11-25T04:00:00Z'),
        text: 'churn: version 2 was promoted to production. better on May',
        tags: ['plumbline', 'model:churn', 'version:2', 'promoted'],
      },
    },
    {
      ...{ path: 'POST /api/annotations', authorization: 'Bearer secret-token' },
      body: expect.objectContaining({ tags: ['plumbline', 'model:churn', 'version:3', 'guardrail'] }),
    },
  ]);
});

test('a Grafana that refuses is told in the log, without the token', async () => {
  status = 401;
  news('secret-token').moved(MOVE);
  await until(() => warned.length === 1);
  expect(warned[0]).toMatch(/401.*GRAFANA_TOKEN/);
  expect(warned[0]).not.toContain('secret-token');
});

test('without a token nobody is asked', () => {
  news(undefined).moved(MOVE);
  expect([asked, warned]).toEqual([[], []]);
});
