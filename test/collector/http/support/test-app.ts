/** The HTTP edge over fakes, listening on loopback. */
import { connect } from 'node:net';
import type { FastifyInstance } from 'fastify';
import pino from 'pino';
import { createApp, type AppOptions } from '../../../../collector/src/http/app.ts';
import { listen } from '../../../../collector/src/http/listen.ts';
import { logOptions } from '../../../../collector/src/http/log.ts';
import { createAuthenticate, type AuthenticationOptions } from '../../../../collector/src/http/principal.ts';
import {
  FakeIngest,
  FakeKeptAnswers,
  fakeAnswers,
  fakeAudit,
  fakeLifecycle,
  fakeRegistry,
  fakeTokens,
  type Call,
} from './fakes.ts';
import { fakeExperiments } from './fake-experiments.ts';

/** What a raw request was answered. */
export interface RawAnswer {
  readonly status: number;
  readonly head: string;
  readonly text: string;
}

export interface TestApp {
  readonly app: FastifyInstance;
  readonly url: string;
  readonly calls: Call[];
  readonly ingest: FakeIngest;
  readonly kept: FakeKeptAnswers;
  /** All that was logged, one JSON line each. */
  readonly log: string[];
  /** Settable: why the service is not ready. */
  state: { notReady: string | undefined };
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  /** Sends bytes as they are, for what `fetch` would tidy. */
  raw(bytes: string): Promise<RawAnswer>;
}

export async function startApp(
  overrides: Partial<AppOptions> & { readonly auth?: Partial<AuthenticationOptions> } = {},
): Promise<TestApp> {
  const calls: Call[] = [];
  const log: string[] = [];
  const ingest = new FakeIngest();
  const kept = new FakeKeptAnswers();
  const state: TestApp['state'] = { notReady: undefined };
  const { auth, ...others } = overrides;
  const authentication = { tokens: fakeTokens({}), identities: undefined, loopback: true, ...auth };
  async function* content() {
    yield Buffer.from('hello');
  }
  const app = await createApp({
    metrics: (_request, response) => void response.setHeader('content-type', 'text/plain').end('up 1\n'),
    ...{ notReady: () => state.notReady, metricsNeedToken: false, version: '1.2.3', rateLimit: 0, now: () => 0 },
    logger: pino(logOptions('trace'), { write: (line: string) => void log.push(line) }),
    ...{ authenticate: createAuthenticate(authentication), keptAnswers: kept, maxUpload: 1_000_000 },
    ...{ registry: fakeRegistry(calls, content), lifecycle: fakeLifecycle(calls), ingest },
    ...{ answers: fakeAnswers(calls), audit: fakeAudit(), experiments: fakeExperiments(calls) },
    ...others,
  });
  const url = await listen(app, { host: '127.0.0.1', port: 0 });
  const send: TestApp['send'] = (method, path, body, headers = {}) =>
    fetch(`${url}${path}`, {
      method,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  return {
    ...{ app, url, calls, ingest, kept, log, state, send },
    get: (path, headers) => send('GET', path, undefined, headers),
    raw: (bytes) => raw(url, bytes),
  };
}

function raw(url: string, bytes: string): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    let answer = '';
    socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
    socket.on('error', reject).on('close', () => {
      const [head = '', ...rest] = answer.split('\r\n\r\n');
      resolve({ status: Number(head.split(' ')[1]), head, text: rest.join('\r\n\r\n') });
    });
    socket.end(bytes);
  });
}

/** The shape of every error. */
export const errorBody = (code: string) => ({
  message: expect.stringMatching(/\w.*\.$/),
  code,
  help: expect.stringMatching(/\w/),
  requestId: expect.stringMatching(/^[\w.-]{8,}$/),
});
