/** Every error of the HTTP API as `{message, code, help, requestId}`; what went wrong inside goes to the log only. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { ERROR_CODES, PlumblineError, type ErrorCode } from '../errors.ts';

/** Seconds after which it is worth asking again, where nobody knows better. */
const RETRY_AFTER = '5';

/** Sends one error with its status. */
export function sendError(request: FastifyRequest, reply: FastifyReply, error: PlumblineError): FastifyReply {
  if (error.status === 503 && !reply.hasHeader('retry-after')) reply.header('retry-after', RETRY_AFTER);
  // The rest of a body nobody reads must not be taken for the next request.
  if (!request.raw.complete) reply.header('connection', 'close');
  return reply.code(error.status).type('application/json; charset=utf-8').send(body(error, request.id));
}

/** For what a handler throws: our own errors as they are, Fastify's 4xx under our codes, all else as `internal`. */
export function onError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  if (error instanceof PlumblineError) {
    // Who asks whether the service is ready is told, again and again; the log has what made it so.
    if (error.status >= 500 && error.code !== 'not_ready') request.log.error(error, 'a request could not be served');
    void sendError(request, reply, error);
    return;
  }
  const status = error.statusCode ?? 500;
  if (status < 400 || status >= 500) {
    request.log.error(error, 'a request failed');
    void sendError(request, reply, new PlumblineError('internal', 'The request failed.', 'See the log by requestId.'));
    return;
  }
  void sendError(request, reply, known(status, error));
}

function known(status: number, { message }: Error): PlumblineError {
  const sentence = message.replace(/\.?$/, '.');
  if (status === 413) return new PlumblineError('too_large', sentence, 'Send less in one request.');
  if (status === 415) {
    const help =
      'Send application/json; rows of ingest may come as application/x-ndjson, files as multipart/form-data.';
    return new PlumblineError('unsupported_media_type', 'Content-Type: is not taken here.', help);
  }
  return new PlumblineError('invalid_request', sentence, 'Check the request.');
}

/** For paths without a route, and for routes without this method (`Allow` says which there are). */
export function onNotFound(allowed: (path: string) => string | undefined) {
  return (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const path = request.url.split('?', 1)[0] ?? '';
    const methods = allowed(path);
    if (methods !== undefined)
      return sendError(request, reply.header('allow', methods), methodNotAllowed(request.method, path, methods));
    const error = new PlumblineError(
      'not_found',
      `There is nothing at ${path.slice(0, 200)}.`,
      'See /docs for what there is.',
    );
    return sendError(request, reply, error);
  };
}

function methodNotAllowed(method: string, path: string, methods: string): PlumblineError {
  return new PlumblineError('method_not_allowed', `${path} does not answer ${method}.`, `Use ${methods}.`);
}

/** For requests Node's parser refuses before there is a request: the same shape, written by hand. */
export function clientErrorResponse(reason: 'timeout' | 'too_large' | 'malformed', requestId: string): string {
  const { status, message } = CLIENT_ERRORS[reason];
  const code: ErrorCode = 'invalid_request';
  const text = JSON.stringify({ message, code, help: 'Check the client or the proxy in between.', requestId });
  const head = `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}`;
  return `${head}\r\nConnection: close\r\n\r\n${text}`;
}

const CLIENT_ERRORS = {
  timeout: { status: '408 Request Timeout', message: 'The request took too long to arrive.' },
  too_large: { status: '431 Request Header Fields Too Large', message: 'The headers of the request are too large.' },
  malformed: { status: `${ERROR_CODES.invalid_request.status} Bad Request`, message: 'The request is not valid HTTP.' },
} as const;

function body({ message, code, help, details }: PlumblineError, requestId: string) {
  return { ...details, message, code, help, requestId };
}
