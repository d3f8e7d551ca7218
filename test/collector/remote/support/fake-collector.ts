/** A collector that keeps what it is sent, over a real connection, and fails in whatever way it is told. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { rowsOf, type ReadRow } from '../../../../collector/src/remote/columns/column-reader.ts';

/** What the next request meets. `lost`: taken, but the answer never arrives. */
export type Fate =
  | 'taken'
  | 'lost'
  | 'reset'
  | 'cut_off'
  | 'hangs'
  | 'garbage'
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string };

export interface Received {
  readonly kind: 'predictions' | 'labels' | 'feedback';
  readonly row: ReadRow;
}

export interface ReceivedRequest {
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly rows: number;
  readonly bytes: number;
}

export class FakeCollector {
  readonly #server: Server;
  /** Fates of the requests to come; afterwards all are taken. */
  readonly fates: Fate[] = [];
  /** Every row in the order it came, resent ones again. */
  readonly received: Received[] = [];
  readonly requests: ReceivedRequest[] = [];
  /** Requests with more rows are answered 413. */
  maxRows = 5_000;
  /** Why a row is rejected, undefined when it is not. */
  reject: (received: Received) => string | undefined = () => undefined;
  /** Answers to GET by path. */
  answer: (path: string) => Fate = () => ({ status: 404, body: '{"message":"no such route","code":"not_found"}' });
  #port = 0;

  constructor() {
    this.#server = createServer((request, response) => {
      void this.#handle(request, response).catch(() => response.destroy());
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Listens; after `close` again on the same port. */
  async listen(): Promise<this> {
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
    return this;
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  /** Rows of one kind without those that came again, as an idempotent collector counts them. */
  unique(kind: Received['kind']): ReadRow[] {
    const seen = new Set<string>();
    return this.received.flatMap(({ kind: of, row }) => {
      const key = JSON.stringify(row);
      if (of !== kind || seen.has(key)) return [];
      seen.add(key);
      return [row];
    });
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'GET') return this.#reply(response, this.answer(request.url ?? ''));
    const fate = this.fates.shift() ?? 'taken';
    if (fate === 'reset') {
      request.socket.resetAndDestroy();
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const raw = Buffer.concat(chunks);
    const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw;
    const kind = (request.url?.split('/').at(-1) ?? '') as Received['kind'];
    const { columns, nulls, ...common } = JSON.parse(body.toString()) as Record<string, unknown>;
    const rows = rowsOf({ columns, nulls }, common, 5_000);
    this.requests.push({ url: request.url ?? '', headers: request.headers, rows: rows.length, bytes: raw.length });
    if (fate === 'hangs') return;
    if (fate !== 'taken' && fate !== 'lost') return this.#reply(response, fate);
    if (rows.length > this.maxRows) return this.#reply(response, { status: 413 });
    const rejected = rows.flatMap((row, index) => {
      const code = this.reject({ kind, row });
      if (code === undefined) this.received.push({ kind, row });
      return code === undefined ? [] : [{ index, code, message: `no ${code}` }];
    });
    if (fate === 'lost') {
      request.socket.destroy();
      return;
    }
    const accepted = rows.length - rejected.length;
    const status = accepted === 0 ? 400 : 200;
    this.#reply(response, { status, body: JSON.stringify({ accepted, rejected }) });
  }

  #reply(response: ServerResponse, fate: Fate): void {
    if (fate === 'garbage') response.setHeader('content-type', 'text/html').end('<html>Welcome</html>');
    else if (fate === 'cut_off') {
      response.writeHead(200, { 'content-length': 1000 });
      response.write('{"accepted":', () => response.destroy());
    } else if (typeof fate === 'object')
      response.writeHead(fate.status, { 'content-type': 'application/json', ...fate.headers }).end(fate.body ?? '');
  }
}
