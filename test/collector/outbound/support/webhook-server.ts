/** A pipeline's HTTP server that answers as a test tells it, and a run's callback that a test ends. */
import { createHmac } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createTrainer } from '../../../../collector/src/outbound/create-trainer.ts';
import type { WebhookLimits } from '../../../../collector/src/outbound/webhook/limits.ts';
import { BoundedLog } from '../../../../collector/src/retraining/bounded-log.ts';
import type { TrainerReport, TrainingJob, WebhookTrainer } from '../../../../collector/src/retraining/trainer.ts';

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** What a route does; `n` counts its requests from 1. */
export type Route = (request: Received, response: ServerResponse, n: number) => void;

export const SECRET = 'shared-with-the-pipeline';

export function answer(response: ServerResponse, status: number, body?: unknown, headers = {}): void {
  response.writeHead(status, headers).end(body === undefined ? '' : JSON.stringify(body));
}

/** Starts it. @param routes `POST /start` → what it does */
async function pipeline(routes: Readonly<Record<string, Route>>) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const [path = ''] = (request.url ?? '').split('?');
      const one = {
        ...{ method: request.method ?? '', path, headers: request.headers },
        body: Buffer.concat(pieces).toString(),
      };
      received.push(one);
      const name = `${one.method} ${path}`;
      const n = received.filter((other) => `${other.method} ${other.path}` === name).length;
      const route = routes[name];
      if (route) route(one, response, n);
      else answer(response, 404);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    of: (path: string) => received.filter((one) => one.path === path),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Call it at the top of a test file: what is started in a test ends with it. */
export function usePipelines() {
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close();
  });
  return async (routes: Readonly<Record<string, Route>>) => {
    const server = await pipeline(routes);
    open.push(server);
    return server;
  };
}

/** What a pipeline sends by its callback. */
export function leaveModel({ outputFolder }: TrainingJob): void {
  writeFileSync(join(outputFolder, 'model.json'), '{}');
}

/** What a receiver does to know who calls. */
export function isSigned({ headers, body }: Received): boolean {
  const timestamp = String(headers['x-plumbline-signature-timestamp']);
  const expected = createHmac('sha256', SECRET).update(`${timestamp}:${body}`).digest('hex');
  return expected === headers['x-plumbline-signature'] && Math.abs(Number(timestamp) - Date.now() / 1000) < 300;
}

/** A callback. */
export function callbackOf() {
  let end: (report: TrainerReport) => void = () => {};
  const ended = new Promise<TrainerReport>((resolve) => (end = resolve));
  const state = { opened: 0, closed: 0 };
  return {
    state,
    end,
    callbacks: {
      open: async (job: TrainingJob) => {
        state.opened++;
        return {
          callbackUrl: `https://plumbline/v1/models/${job.model}/retraining/${job.run}/callback`,
          dataUrl: `https://plumbline/v1/models/${job.model}/retraining/${job.run}/data`,
          ...{ token: 'run-token', ended, close: () => void state.closed++ },
        };
      },
    },
  };
}

/** Trains by a webhook. */
export async function trainAt(
  spec: Partial<WebhookTrainer> & { readonly url: string },
  job: TrainingJob,
  {
    callback = callbackOf(),
    signal = new AbortController().signal,
    limits = {},
    environment = {},
    secret = SECRET,
  }: {
    callback?: ReturnType<typeof callbackOf>;
    signal?: AbortSignal;
    limits?: Partial<WebhookLimits>;
    environment?: Record<string, string>;
    secret?: string | null;
  } = {},
) {
  const log = new BoundedLog();
  const trainer = createTrainer({
    ...{ environment, callbacks: callback.callbacks },
    ...(secret !== null && { webhookSecret: secret }),
    webhookLimits: { backoff: 0, callbackPatience: 10, ...limits },
  });
  const outcome = await trainer.train({ kind: 'webhook', pollSeconds: 0.01, ...spec }, job, signal, log.write);
  return { ...outcome, log: log.text(), callback };
}
