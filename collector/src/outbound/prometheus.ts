/** Asks a Prometheus (or what speaks its API: Mimir, Thanos, VictoriaMetrics). */
import { errorText, PlumblineError } from '../errors.ts';

/** Which one. */
export interface PrometheusOptions {
  /** Base URL, with a path where there is one: `http://127.0.0.1:9090`, `https://mimir/prometheus`. */
  readonly url: string;
  /** Sent as a bearer token. */
  readonly token?: string | undefined;
  /** Milliseconds an answer may take (default 20 s). */
  readonly timeout?: number;
}

/** One series of an answer: its values in the order of time, epoch seconds. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly values: readonly { readonly time: number; readonly value: number }[];
}

/** The two kinds of query. @throws PlumblineError `unavailable` saying what Prometheus said, or that it did not answer */
export interface PrometheusClient {
  /** At one time, epoch seconds. */
  instant(promql: string, time: number): Promise<readonly Series[]>;
  /** At `start`, `start + step`, … up to `end`, in seconds. */
  range(
    promql: string,
    range: { readonly start: number; readonly end: number; readonly step: number },
  ): Promise<readonly Series[]>;
}

const TIMEOUT = 20_000;
const HELP = 'The gate is judged when Prometheus answers; or set evidence.source of the policy to "store".';

interface Answer {
  readonly status?: string;
  readonly error?: string;
  readonly data?: { readonly result?: readonly RawSeries[] };
}

interface RawSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: readonly [number, string];
  readonly values?: readonly (readonly [number, string])[];
}

/** @throws PlumblineError `invalid_configuration` for an address that is none */
export function createPrometheusClient({ url, token, timeout = TIMEOUT }: PrometheusOptions): PrometheusClient {
  if (!URL.canParse(url) || !/^https?:/.test(url))
    throw new PlumblineError(
      'invalid_configuration',
      'The address of Prometheus is no http(s) address.',
      'Correct it.',
    );
  const base = url.replace(/\/+$/, '');
  // What stands in a message must not hold a password that stands in the address.
  const shown = new URL(base).origin;

  async function ask(path: string, parameters: Record<string, string>): Promise<readonly Series[]> {
    const body = new URLSearchParams(parameters);
    const { origin, pathname, username, password } = new URL(base);
    const credentials = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
    const basic = username === '' ? undefined : `Basic ${credentials.toString('base64')}`;
    const authorization = token === undefined ? basic : `Bearer ${token}`;
    const response = await fetch(`${origin}${pathname.replace(/\/$/, '')}/api/v1/${path}`, {
      method: 'POST',
      body,
      headers: authorization === undefined ? {} : { authorization },
      signal: AbortSignal.timeout(timeout),
    });
    const answer = (await response.json().catch(() => ({}))) as Answer;
    if (answer.status === 'success' && Array.isArray(answer.data?.result)) return answer.data.result.map(toSeries);
    throw new Error(answer.error ?? `it answered ${response.status}`);
  }

  const guarded = (answer: Promise<readonly Series[]>) =>
    answer.catch((error: unknown) => {
      throw away(shown, timeout, error);
    });
  return {
    instant: (query, time) => guarded(ask('query', { query, time: String(time) })),
    range: (query, { start, end, step }) =>
      guarded(ask('query_range', { query, start: String(start), end: String(end), step: String(step) })),
  };
}

/** A value of a label as it stands between the quotes of a selector. */
export function promqlString(value: string): string {
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}

function toSeries({ metric, value, values }: RawSeries): Series {
  const points = values ?? (value ? [value] : []);
  return { labels: metric, values: points.map(([time, text]) => ({ time, value: Number(text) })) };
}

function away(origin: string, timeout: number, error: unknown): PlumblineError {
  const { name, cause } = error as { readonly name?: string; readonly cause?: unknown };
  const reason = name === 'TimeoutError' ? `no answer within ${timeout / 1000} s` : errorText(cause ?? error);
  return new PlumblineError('unavailable', `Prometheus at ${origin} gives no evidence: ${reason}.`, HELP, {
    cause: error,
  });
}
