/** The collector's HTTP edge: `/metrics`, `/livez`, `/readyz`. What it serves comes in as arguments; it stores nothing. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { PlumblineError, systemErrorCode } from '../errors.ts';
import { clientErrorResponse, onError, onNotFound, sendError } from './error-replies.ts';
import { isPlainPath } from './request-path.ts';

/** What the routes answer from. */
export interface AppOptions {
  /** Answers one request with the Prometheus text format. */
  readonly metrics: (request: IncomingMessage, response: ServerResponse) => void;
  /** Why the service cannot do its work yet; undefined when it can. */
  readonly notReady: () => string | undefined;
  readonly logger: FastifyBaseLogger;
}

const ROUTES = ['/metrics', '/livez', '/readyz'];
const READ_METHODS = 'GET, HEAD';
/** A slow sender may hold a connection so long, in milliseconds. */
const REQUEST_TIMEOUT = 30_000;
const MAX_BODY_BYTES = 8 * 1024 * 1024;

/** Builds the app; the caller makes it listen (`listen.ts`) and closes it. */
export function createApp({ metrics, notReady, logger }: AppOptions): FastifyInstance {
  const app = fastify({
    loggerInstance: logger,
    genReqId: () => randomUUID(),
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT,
    // Prometheus keeps its connection open; closing must not wait for it.
    forceCloseConnections: true,
    clientErrorHandler,
    // Reached for a path that is no valid percent-encoding, before any hook.
    frameworkErrors: (error, request, reply) => onError(error, request, reply),
  });
  app.addHook('onRequest', async (request, reply) => {
    if (!isPlainPath(request.raw.url ?? '')) return sendError(request, reply, invalidPath());
    // Answers change with every scrape, and none is a page.
    reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff');
    return undefined;
  });
  app.setErrorHandler(onError);
  app.setNotFoundHandler(onNotFound((path) => (ROUTES.includes(path) ? READ_METHODS : undefined)));
  app.get('/metrics', (request, reply) => {
    reply.hijack();
    metrics(request.raw, reply.raw);
  });
  app.get('/livez', () => ({ status: 'alive' }));
  app.get('/readyz', (request, reply) => {
    const reason = notReady();
    if (reason === undefined) return { status: 'ready' };
    return sendError(request, reply, new PlumblineError('not_ready', reason, 'Ask again in a moment.'));
  });
  return app;
}

function clientErrorHandler(error: Error, socket: Socket): void {
  const code = systemErrorCode(error);
  if (code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const reason =
    code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'timeout' : code === 'HPE_HEADER_OVERFLOW' ? 'too_large' : 'malformed';
  socket.end(clientErrorResponse(reason, randomUUID()));
}

function invalidPath(): PlumblineError {
  const message = 'The path of the request holds "..", "//", a backslash or an encoded dot or slash.';
  return new PlumblineError('invalid_path', message, 'Send the plain path, for instance /metrics.');
}
