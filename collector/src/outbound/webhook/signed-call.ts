/** Calls of webhooks: signed as Grafana signs its alerts, never redirected, bounded in time and size. */
import { createHmac } from 'node:crypto';
import { errorText } from '../../errors.ts';

/** Epoch seconds at which a call was signed. */
export const TIMESTAMP_HEADER = 'X-Plumbline-Signature-Timestamp';
/** HMAC-SHA256 of `timestamp:body` with the shared secret, hexadecimal. */
export const SIGNATURE_HEADER = 'X-Plumbline-Signature';

/** One call. */
export interface SignedCall {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  /** Added by the policy; ours come before them. May hold secrets. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON text; empty for none. */
  readonly body: string;
  /** The same for every try of one call. */
  readonly idempotencyKey?: string;
}

/** What a call needs beside that. */
export interface CallGround {
  readonly secret: string;
  /** Epoch ms. */
  readonly now: () => number;
  readonly timeout: number;
}

/** What came back. */
export interface CallAnswer {
  readonly status: number;
  /** The beginning of the answer. */
  readonly text: string;
  readonly retryAfter: string | null;
}

const MAX_ANSWER = 64 * 1024;

/** @throws what the network does, and an Error whose message says that no answer came in time */
export async function callSigned(
  { method, url, headers, body, idempotencyKey }: SignedCall,
  { secret, now, timeout }: CallGround,
  signal: AbortSignal,
): Promise<CallAnswer> {
  const timestamp = String(Math.floor(now() / 1_000));
  const late = AbortSignal.timeout(timeout);
  try {
    const response = await fetch(url, {
      ...{ method, redirect: 'manual', signal: AbortSignal.any([signal, late]) },
      headers: {
        ...lowerCased(headers),
        ...{ accept: 'application/json', 'user-agent': 'Plumbline' },
        ...(body !== '' && { 'content-type': 'application/json' }),
        ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
        [TIMESTAMP_HEADER.toLowerCase()]: timestamp,
        [SIGNATURE_HEADER.toLowerCase()]: signatureOf(secret, timestamp, body),
      },
      ...(body !== '' && { body }),
    });
    return { status: response.status, text: await textOf(response), retryAfter: response.headers.get('retry-after') };
  } catch (error) {
    if (late.aborted) throw new Error(`no answer within ${timeout / 1_000} s`, { cause: error });
    throw new Error(errorText((error as { cause?: unknown }).cause ?? error), { cause: error });
  }
}

/** HMAC-SHA256 of `timestamp:body`, hexadecimal. */
export function signatureOf(secret: string, timestamp: string, body: string): string {
  return createHmac('sha256', secret).update(`${timestamp}:${body}`).digest('hex');
}

/** An address for messages and logs: what follows the path may be a secret. */
export function shownAddress(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** No more is read than what a status needs. */
async function textOf(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (text.length >= MAX_ANSWER) break;
  }
  return text.slice(0, MAX_ANSWER);
}
