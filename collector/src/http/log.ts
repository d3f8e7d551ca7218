/** What the log holds of requests and errors: enough to find them by their id, and nothing that is secret or personal. */
import type { LoggerOptions } from 'pino';
import { systemErrorCode } from '../errors.ts';

interface LoggedRequest {
  readonly method?: string;
  readonly url?: string;
  readonly ip?: string;
}

/**
 * Options of the logger. Of a request it writes method, path (a query may hold the key of a person) and address; of an error no fields
 * but its code (a database's error names the values of the row). `redact` is the second line, for objects somebody logs whole.
 */
export function logOptions(level: string): LoggerOptions {
  const secrets = ['authorization', 'cookie', '["x-grafana-id"]', '["x-grafana-context"]', 'token', 'password'];
  const prefixes = ['', 'headers', 'req.headers', 'request.headers', 'raw.headers'];
  return {
    level,
    name: 'plumbline',
    serializers: {
      req: ({ method, url, ip }: LoggedRequest) => ({ method, path: url?.split('?', 1)[0], address: ip }),
      res: ({ statusCode }: { readonly statusCode: number }) => ({ status: statusCode }),
      err: loggedError,
    },
    redact: { paths: prefixes.flatMap((prefix) => secrets.map((secret) => join(prefix, secret))), censor: '[secret]' },
  };
}

function join(prefix: string, name: string): string {
  return prefix === '' || name.startsWith('[') ? prefix + name : `${prefix}.${name}`;
}

function loggedError(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const cause = error.cause instanceof Error ? { cause: error.cause.message } : {};
  return { type: error.name, code: systemErrorCode(error), message: error.message, stack: error.stack, ...cause };
}
