/** A collector as a user runs it, in a process of its own. */
import { plumbline, startPlumbline, type Running } from '../../collector/cli/support/plumbline.ts';

export interface Collector {
  readonly url: string;
  readonly process: Running;
  /** Sends JSON (or a form) with a token, and reads what comes. */
  call(method: string, path: string, body?: unknown, options?: CallOptions): Promise<Answer>;
}

export interface CallOptions {
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** JSON where it is, else text. */
  readonly body: Json;
}

/** JSON of an answer; the test knows what it looks like. */
export type Json = Readonly<Record<string, unknown>>;

/** Makes a token as an operator does. */
export async function makeToken(args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const { code, stdout, stderr } = await plumbline(['token', 'create', ...args], env);
  if (code !== 0) throw new Error(stderr);
  return stdout.trim();
}

/** Starts `plumbline serve` on any free port and waits until it is ready. */
export async function startCollector(env: NodeJS.ProcessEnv, defaultToken?: string): Promise<Collector> {
  const process = startPlumbline(['serve', '--port', '0', '--json'], env);
  const [, url = ''] = await process.printed(/"url":"([^"]+)"/);
  const call: Collector['call'] = async (method, path, body, { token = defaultToken, headers = {} } = {}) => {
    const plain = body instanceof FormData || typeof body === 'string' || body instanceof Uint8Array;
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(body !== undefined && !plain && { 'content-type': 'application/json' }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body !== undefined && { body: plain ? (body as string) : JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.startsWith('application/json') === true;
    return { status: response.status, headers: response.headers, body: (json ? JSON.parse(text) : text) as Json };
  };
  return { url, process, call };
}
