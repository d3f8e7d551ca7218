import { getBackendSrv } from '@grafana/runtime';
import { lastValueFrom } from 'rxjs';
import type { Privilege } from '../permissions';
import { proxyAddress, type Query } from './address';
import { Problem, problemFrom } from './problem';

/** One call of the collector through Grafana's plugin proxy. */
export interface Call {
  /** Which route, and so which token, carries it. */
  privilege: Privilege;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/v1`, segment by segment. */
  path: readonly string[];
  query?: Query;
  body?: object;
  /** The same for every attempt at one intent: the collector then acts once and answers alike. */
  idempotencyKey?: string;
  signal?: AbortSignal;
  /** Milliseconds until it counts as timed out. Grafana's proxy itself waits for ever. */
  patience?: number;
}

const PATIENCE = 30_000;

/**
 * Asks the collector and returns its answer. Grafana shows no toast for it: who asks shows what came of it, in its place.
 * @throws Problem for everything that is not an answer
 */
export async function call<Answer>(asked: Call): Promise<Answer> {
  const clock = stopwatch(asked.patience ?? PATIENCE, asked.signal);
  try {
    const { data } = await lastValueFrom(
      getBackendSrv().fetch<unknown>({
        url: proxyAddress(asked.privilege, asked.path, asked.query),
        method: asked.method,
        data: asked.body,
        headers: asked.idempotencyKey === undefined ? undefined : { 'Idempotency-Key': asked.idempotencyKey },
        abortSignal: clock.signal,
        showErrorAlert: false,
        showSuccessAlert: false,
      }),
      { defaultValue: { data: undefined } }
    );
    return understood<Answer>(data);
  } catch (error) {
    throw clock.ranOut() ? timedOut() : problemFrom(error);
  } finally {
    clock.stop();
  }
}

/** The collector answers in JSON; anything else comes from a page or proxy that happens to stand at its address. */
function understood<Answer>(data: unknown): Answer {
  if (typeof data !== 'object' || data === null) {
    throw new Problem('version', '');
  }
  return data as Answer;
}

function timedOut(): Problem {
  return new Problem('timeout', '');
}

interface Stopwatch {
  signal: AbortSignal;
  ranOut: () => boolean;
  stop: () => void;
}

/** A signal that ends with the caller's own, and by itself when the time is up. */
function stopwatch(patience: number, outer: AbortSignal | undefined): Stopwatch {
  const controller = new AbortController();
  let over = false;
  const abort = () => controller.abort();
  const timer = setTimeout(() => {
    over = true;
    abort();
  }, patience);
  outer?.addEventListener('abort', abort);
  if (outer?.aborted) {
    abort();
  }
  const stop = () => {
    clearTimeout(timer);
    outer?.removeEventListener('abort', abort);
  };
  return { signal: controller.signal, ranOut: () => over, stop };
}
