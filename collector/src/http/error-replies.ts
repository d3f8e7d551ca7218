/** Every error of the HTTP API as `{message, code, help, requestId}`; what went wrong inside goes to the log only. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { ERROR_CODES, PlumblineError, type ErrorCode } from '../errors.ts';

/** Sends one error with its status. */
export function sendError(request: FastifyRequest, reply: FastifyReply, error: PlumblineError): FastifyReply {
  return reply.code(error.status).send(body(error, request.id));
}

/** For what a handler throws: our own errors as they are, Fastify's 4xx as `invalid_request`, all else as `internal`. */
export function onError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  if (error instanceof PlumblineError) {
    void sendError(request, reply, error);
    return;
  }
  const status = error.statusCode ?? 500;
  if (status < 400 || status >= 500) {
    request.log.error(error, 'a request failed');
    void sendError(request, reply, new PlumblineError('internal', 'The request failed.', 'See the log by requestId.'));
    return;
  }
  void reply
    .code(status)
    .send(body(new PlumblineError('invalid_request', error.message, 'Check the request.'), request.id));
}

/** For paths without a route, and for routes without this method (`Allow` says which there are). */
export function onNotFound(allowed: (path: string) => string | undefined) {
  return (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const path = request.url.split('?', 1)[0] ?? '';
    const methods = allowed(path);
    if (methods !== undefined)
      return sendError(request, reply.header('allow', methods), methodNotAllowed(request.method, path, methods));
    return sendError(
      request,
      reply,
      new PlumblineError('not_found', `There is nothing at ${path}.`, 'Try /metrics, /livez or /readyz.'),
    );
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
