/** The way to the collector: one request, one answer, and what went wrong in words. */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { errorText, PlumblineError, systemErrorCode } from '../../errors.ts';
import type { Shipment } from '../queue/batch.ts';
import { judgeAnswer, type Answer, type Outcome } from './outcome.ts';

/** Where the collector is and how it is asked. */
export interface HttpClientOptions {
  /** Base address without a slash at its end. */
  readonly url: string;
  /** Asked before each request: a token may be renewed while the process runs. */
  readonly token: () => string | undefined;
  /** Milliseconds a request may take. */
  readonly timeout: number;
  /** Bodies of at least so many bytes are compressed. */
  readonly gzipFrom: number;
  readonly fetch: typeof fetch;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** What a question may say beside its path. */
export interface GetOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Delivers one batch; resolves with what became of it, whatever happens. */
export type Send = (shipment: Shipment, signal: AbortSignal) => Promise<Outcome>;

const compress = promisify(gzip);
/** Fast: the network is what it relieves, not the disk. */
const LEVEL = 1;
/** An answer longer than this is none of ours. */
const MAX_ANSWER = 32 * 1024 * 1024;

/** Asks one collector. */
export class HttpClient {
  readonly #options: HttpClientOptions;

  constructor(options: HttpClientOptions) {
    this.#options = options;
  }

  /** Sends a batch. Never rejects. */
  readonly send: Send = async ({ kind, body }, signal) => {
    const { url, gzipFrom, now } = this.#options;
    try {
      const zipped = body.length >= gzipFrom;
      const headers = {
        'content-type': 'application/json',
        // 5,000 ids are 200 kB nobody looks at.
        prefer: 'return=minimal',
        ...(zipped && { 'content-encoding': 'gzip' }),
      };
      const sent = zipped ? await compress(body, { level: LEVEL }) : body;
      const answer = await this.#request(
        `/v1/${kind}`,
        { method: 'POST', headers, body: new Uint8Array(sent) },
        signal,
      );
      return judgeAnswer(answer, url, now());
    } catch (error) {
      return { result: 'retry', error: this.#unreachable(error), after: undefined };
    }
  };

  /** Gets a document. @throws PlumblineError `unavailable` when there is no answer */
  async get(path: string, { headers = {}, signal }: GetOptions = {}): Promise<Answer> {
    try {
      return await this.#request(path, { method: 'GET', headers }, signal);
    } catch (error) {
      throw this.#unreachable(error);
    }
  }

  async #request(path: string, init: RequestInit, signal: AbortSignal | undefined): Promise<Answer> {
    const { url, token: readToken, timeout } = this.#options;
    const late = AbortSignal.timeout(timeout);
    const token = readToken();
    const response = await this.#options.fetch(`${url}${path}`, {
      ...init,
      headers: { accept: 'application/json', ...init.headers, ...(token && { authorization: `Bearer ${token}` }) },
      // Followed, a POST could become a GET, and the token go where nobody meant it to.
      redirect: 'manual',
      signal: signal ? AbortSignal.any([signal, late]) : late,
    });
    if (Number(response.headers.get('content-length')) > MAX_ANSWER) {
      await response.body?.cancel();
      throw new Error(`an answer of more than ${MAX_ANSWER} bytes`);
    }
    return {
      status: response.status,
      retryAfter: response.headers.get('retry-after'),
      location: response.headers.get('location'),
      etag: response.headers.get('etag'),
      text: await response.text(),
    };
  }

  #unreachable(error: unknown): PlumblineError {
    const { url, timeout } = this.#options;
    const { name, cause } = (error ?? {}) as { name?: unknown; cause?: unknown };
    const reason =
      name === 'TimeoutError'
        ? `no answer within ${timeout / 1000} s`
        : (systemErrorCode(cause) ?? errorText(cause ?? error));
    return new PlumblineError(
      'unavailable',
      `The collector at ${url} cannot be reached (${reason})`,
      'Check that it runs and that collector.url is right.',
      { cause: error },
    );
  }
}
