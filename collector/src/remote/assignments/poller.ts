/** Asks the service for the assignments of one model, again and again, and bears with it when it is away. */
import { PlumblineError } from '../../errors.ts';
import { backoffDelay, refusedDelay, retryAfter } from '../delivery/backoff.ts';
import type { GetOptions } from '../delivery/http-client.ts';
import { answerError, isRefusal, notACollector, type Answer } from '../delivery/outcome.ts';
import { readAssignments, type ModelAssignments } from './assignments.ts';

/** A state as it was received. */
export interface ReceivedState {
  readonly state: ModelAssignments;
  /** The answer itself, as it came over the wire. */
  readonly text: string;
  readonly etag: string | null;
}

/** What the poller needs of the world around it. */
export interface PollerEnvironment {
  readonly get: (path: string, options: GetOptions) => Promise<Answer>;
  /** 0 to 1. */
  readonly random: () => number;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Runs work later, without keeping the process alive. @returns a function that calls it off */
  readonly later: (work: () => void, milliseconds: number) => () => void;
  /** The service gave a state, or (undefined) said that the last one holds. */
  readonly confirmed: (received: ReceivedState | undefined) => void;
  readonly failed: (error: PlumblineError) => void;
}

/** Whom to ask about what, and how often. */
export interface PollerOptions {
  /** Address of the collector, for messages. */
  readonly url: string;
  readonly model: string;
  /** Milliseconds between two questions, a tenth more or less: replicas that started together do not ask together for ever. */
  readonly interval: number;
  /** ETag of a state that is known from before. */
  readonly etag: string | null;
}

const SPREAD = 0.2;

/** Polls until it is closed. */
export class AssignmentPoller {
  readonly #options: PollerOptions;
  readonly #environment: PollerEnvironment;
  readonly #stopped = new AbortController();
  #etag: string | null;
  #failures = 0;
  #callOff: (() => void) | undefined;
  #running: Promise<boolean> | undefined;

  constructor(options: PollerOptions, environment: PollerEnvironment) {
    this.#options = options;
    this.#environment = environment;
    this.#etag = options.etag;
  }

  /** Asks now, or waits for the question under way. Never rejects. @returns whether the service answered with a state or confirmed the last */
  poll(): Promise<boolean> {
    if (this.#stopped.signal.aborted) return Promise.resolve(false);
    this.#running ??= this.#ask().finally(() => (this.#running = undefined));
    return this.#running;
  }

  /** Breaks off what is under way; no callback runs afterwards. */
  async close(): Promise<void> {
    this.#stopped.abort();
    this.#callOff?.();
    await this.#running;
  }

  async #ask(): Promise<boolean> {
    this.#callOff?.();
    const { signal } = this.#stopped;
    const { url, model } = this.#options;
    const headers = this.#etag === null ? {} : { 'if-none-match': this.#etag };
    let after: number;
    try {
      const path = `/v1/assignments?model=${encodeURIComponent(model)}`;
      const answer = await this.#environment.get(path, { headers, signal });
      if (signal.aborted) return false;
      after = this.#judge(answer);
    } catch (error) {
      if (signal.aborted) return false;
      after = this.#fail(error instanceof PlumblineError ? error : unexpected(url, error));
    }
    this.#callOff = this.#environment.later(() => void this.poll(), after);
    return this.#failures === 0;
  }

  /** @returns milliseconds to the next question. @throws PlumblineError what is wrong with the answer */
  #judge(answer: Answer): number {
    const { url, model } = this.#options;
    const { status, etag = null } = answer;
    if (status === 200) {
      const state = readAssignments(parsed(answer.text, url), model);
      this.#etag = etag;
      return this.#succeed({ state, text: answer.text, etag });
    }
    if (status === 304 && this.#etag !== null) return this.#succeed(undefined);
    if (status < 400) return this.#fail(notACollector(url, `answers ${status} to a question for assignments`), true);
    const error = answerError(answer, url);
    if (isRefusal(status)) return this.#fail(error, true);
    return Math.max(retryAfter(answer.retryAfter, this.#environment.now()) ?? 0, this.#fail(error));
  }

  #succeed(received: ReceivedState | undefined): number {
    const { random, confirmed } = this.#environment;
    this.#failures = 0;
    confirmed(received);
    return this.#options.interval * (1 + SPREAD * (random() - 0.5));
  }

  /** @param lasting people have to put it right */
  #fail(error: PlumblineError, lasting = false): number {
    const { random, failed } = this.#environment;
    this.#failures++;
    failed(error);
    return lasting ? refusedDelay(random()) : backoffDelay(this.#failures, random());
  }
}

function parsed(text: string, url: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw notACollector(url, 'answers 200 but not with assignments');
  }
}

function unexpected(url: string, error: unknown): PlumblineError {
  const message = `The assignments of the collector at ${url} cannot be read`;
  return new PlumblineError('unavailable', message, 'See the cause.', { cause: error });
}
