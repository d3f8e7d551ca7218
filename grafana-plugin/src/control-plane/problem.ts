import { isFetchError } from '@grafana/runtime';
import type { Gate } from './types';

/**
 * Why the collector could not be asked, or what it refused:
 * `disabled` the app is off or has no such route; `forbidden` Grafana's role does not allow it; `signed-out` the session ended;
 * `token` the collector does not know the app's token; `scope` the token may not do this; `identity` Grafana's word for the user is
 * missing or does not hold; `unreachable`, `timeout` nobody answered; `version` something answered that is no collector this app knows;
 * `refused` the collector's own no, with its message and help; `failed` the collector's own fault.
 */
export type ProblemKind =
  | 'disabled'
  | 'forbidden'
  | 'signed-out'
  | 'token'
  | 'scope'
  | 'identity'
  | 'unreachable'
  | 'timeout'
  | 'version'
  | 'refused'
  | 'failed';

/** What the collector said, as far as it said anything. */
export interface ProblemDetails {
  /** Of the collector's table of errors, such as `gate_not_met`. */
  code?: string;
  /** What to do about it, in the collector's words. */
  help?: string;
  status?: number;
  requestId?: string;
  /** The gates that were not met. */
  gates?: Gate[];
  /** The revision the policy has by now. */
  revision?: number;
}

/** A call that did not do what it was to do. `message` is for people. */
export class Problem extends Error {
  public readonly kind: ProblemKind;
  public readonly details: ProblemDetails;

  public constructor(kind: ProblemKind, message: string, details: ProblemDetails = {}) {
    super(message);
    this.name = 'Problem';
    this.kind = kind;
    this.details = details;
  }

  /** Whether it is certain that nothing was changed; after any other problem the change may have been made all the same. */
  public get isCertain(): boolean {
    return !['unreachable', 'timeout', 'failed', 'version'].includes(this.kind);
  }
}

/** An answer as it came: the status, and whatever stood in the body. */
export interface RawAnswer {
  status: number;
  body: unknown;
}

const BY_CODE: Record<string, ProblemKind> = {
  token_refused: 'token',
  unauthorized: 'token',
  forbidden: 'scope',
  identity_required: 'identity',
  identity_invalid: 'identity',
  request_timeout: 'timeout',
};

/** Tells apart who said no. The collector gives every error a code; Grafana and its proxy never do. */
export function problemOf({ status, body }: RawAnswer): Problem {
  const { message = '', code, help, requestId, gates, revision } = readBody(body);
  const details: ProblemDetails = { status, code, help, requestId, gates, revision };
  if (code !== undefined) {
    return new Problem(BY_CODE[code] ?? (status >= 500 ? 'failed' : 'refused'), message, details);
  }
  return new Problem(kindWithoutCode(status, message), message, details);
}

function kindWithoutCode(status: number, message: string): ProblemKind {
  if (status === 401) {
    return 'signed-out';
  }
  if (status === 403) {
    return 'forbidden';
  }
  if (status === 404 && /plugin|route/i.test(message)) {
    return 'disabled';
  }
  if (status === 504 || status === 408) {
    return 'timeout';
  }
  if (status === 502 || status === 503 || status <= 0) {
    return 'unreachable';
  }
  return status >= 500 ? 'failed' : 'version';
}

interface ErrorBody extends Omit<ProblemDetails, 'status'> {
  message?: string;
}

/** Reads what it knows of a body and nothing else; a proxy in between may answer with a page of HTML. */
function readBody(body: unknown): ErrorBody {
  if (typeof body !== 'object' || body === null) {
    return {};
  }
  const fields: Record<string, unknown> = { ...body };
  const text = (name: string) => (typeof fields[name] === 'string' ? fields[name] : undefined);
  return {
    message: text('message'),
    code: text('code'),
    help: text('help'),
    requestId: text('requestId'),
    gates: Array.isArray(fields.gates) ? fields.gates : undefined,
    revision: typeof fields.revision === 'number' ? fields.revision : undefined,
  };
}

/** The problem behind whatever Grafana's `fetch` threw. */
export function problemFrom(error: unknown): Problem {
  if (error instanceof Problem) {
    return error;
  }
  if (isFetchError(error)) {
    return problemOf({ status: error.status, body: error.data });
  }
  return new Problem('unreachable', error instanceof Error ? error.message : String(error));
}
