/** What an answer to a batch means for its rows. */
import { ERROR_CODES, PlumblineError, type ErrorCode } from '../../errors.ts';
import { retryAfter } from './backoff.ts';

/** Rows of one batch that were not taken, by code. */
export interface RefusedRows {
  readonly code: string;
  readonly rows: number;
  /** What was said of the first of them. */
  readonly message: string;
}

/** What became of a batch. */
export type Outcome =
  /** The collector has it; some rows it will never take. */
  | { readonly result: 'taken'; readonly refused: readonly RefusedRows[] }
  /** It may work the next time. */
  | { readonly result: 'retry'; readonly error: PlumblineError; readonly after: number | undefined }
  /** The token or the address is wrong: people have to put that right, and the rows wait for it. */
  | { readonly result: 'refused'; readonly error: PlumblineError }
  /** Somebody on the way takes smaller requests only. */
  | { readonly result: 'too_large'; readonly error: PlumblineError }
  /** The same request will never be taken. */
  | { readonly result: 'lost'; readonly error: PlumblineError };

/** An answer as it came over the wire. */
export interface Answer {
  readonly status: number;
  /** `Retry-After`. */
  readonly retryAfter: string | null;
  /** `Location`. */
  readonly location: string | null;
  /** `ETag`: which state of a document it is. */
  readonly etag?: string | null;
  readonly text: string;
}

/** What people have to put right: the token or the address. */
const REFUSED = [401, 403, 404, 405, 407];
const RETRY = [408, 425, 429];

/** Whether a status says that the token or the address is wrong. */
export function isRefusal(status: number): boolean {
  return REFUSED.includes(status);
}

/**
 * Judges the answer to a batch. A 2xx that is no acknowledgement of ours (a proxy's page) must not cost rows, so it counts as a wrong
 * address, as do redirections and 404, which says nothing of the rows: ingest creates the models it does not know.
 * @param address of the collector, for the messages
 * @param now epoch milliseconds
 */
export function judgeAnswer(answer: Answer, address: string, now: number): Outcome {
  const { status } = answer;
  const body = parsed(answer.text);
  if (status >= 200 && status < 300) {
    if (typeof body['accepted'] === 'number') return { result: 'taken', refused: refusedRows(body['rejected']) };
    return { result: 'refused', error: notACollector(address, `answers ${status} but does not acknowledge`) };
  }
  if (status >= 300 && status < 400) {
    const where = answer.location ? ` to ${answer.location}` : '';
    return { result: 'refused', error: notACollector(address, `redirects${where}`) };
  }
  const error = answerError(answer, address);
  if (status === 413) return { result: 'too_large', error };
  if (isRefusal(status)) return { result: 'refused', error };
  if (RETRY.includes(status) || status >= 500)
    return { result: 'retry', error, after: retryAfter(answer.retryAfter, now) };
  const refused = refusedRows(body['rejected']);
  return status === 400 && body['accepted'] === 0 && refused.length > 0
    ? { result: 'taken', refused }
    : { result: 'lost', error };
}

/** An answer that is an error, as an error: the collector's own words where it has some. */
export function answerError({ status, text }: Answer, address: string): PlumblineError {
  const body = parsed(text);
  const said = typeof body['message'] === 'string' ? body['message'] : '';
  const help = typeof body['help'] === 'string' ? body['help'] : '';
  const details = { status, ...(typeof body['requestId'] === 'string' && { requestId: body['requestId'] }) };
  if (status === 401 || status === 403) {
    const why = said || (status === 401 ? 'unauthorized' : 'forbidden');
    const remedy = help || 'Give collector.token a token with the scope "ingest" (and "read" to ask for answers).';
    return new PlumblineError(
      codeOf(body, status === 401 ? 'unauthorized' : 'forbidden'),
      `The collector at ${address} refused the token: ${why}`,
      remedy,
      { details },
    );
  }
  if (status === 404 && said === '') return notACollector(address, 'answers 404');
  const code = codeOf(
    body,
    status === 413 ? 'too_large' : status >= 500 || status === 429 ? 'unavailable' : 'internal',
  );
  const message = said || `it answered ${status}`;
  return new PlumblineError(code, `The collector at ${address}: ${message}`, help || 'See its log.', { details });
}

/** Something answers, but not as a collector does. */
export function notACollector(address: string, what: string): PlumblineError {
  return new PlumblineError(
    'not_found',
    `What is at ${address} ${what}: it is no Plumbline collector`,
    'Give collector.url the address the collector itself prints, without a path of its API.',
  );
}

function codeOf(body: Readonly<Record<string, unknown>>, otherwise: ErrorCode): ErrorCode {
  const code = body['code'];
  return typeof code === 'string' && Object.hasOwn(ERROR_CODES, code) ? (code as ErrorCode) : otherwise;
}

function refusedRows(rejected: unknown): RefusedRows[] {
  const found = new Map<string, { code: string; rows: number; message: string }>();
  for (const row of Array.isArray(rejected) ? (rejected as readonly unknown[]) : []) {
    const { code, message } = (row ?? {}) as { code?: unknown; message?: unknown };
    const known = found.get(String(code));
    if (known) known.rows++;
    else found.set(String(code), { code: String(code), rows: 1, message: String(message) });
  }
  return [...found.values()];
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' ? (value as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {};
  }
}
