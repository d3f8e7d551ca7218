/** The bare server: its bounds, the ids of its requests, and what it answers before there is a request. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { PlumblineError, systemErrorCode } from '../errors.ts';
import { clientErrorResponse, onError, sendError } from './error-replies.ts';
import { isPlainPath } from './request-path.ts';

/** Bounds of a server. */
export interface ServerOptions {
  readonly logger: FastifyBaseLogger;
  /** Addresses or networks of proxies, separated by commas, whose `X-Forwarded-For` is believed. */
  readonly trustProxy?: string;
  /** Headers must have arrived within this time, in milliseconds. */
  readonly headersTimeout?: number;
}

/** Default of `headersTimeout`; bodies have their own bound, and uploads of large artifacts the next one. */
const HEADERS_TIMEOUT = 30_000;
/** The longest upload, in milliseconds. */
const REQUEST_TIMEOUT = 60 * 60_000;
/** Longer names are refused by the router; those of the API are shorter, and a file's path may be long. */
const MAX_NAME = 1_024;
const REQUEST_ID = /^[A-Za-z0-9._-]{8,64}$/;

/** Makes the server. */
export function createServer({ logger, trustProxy, headersTimeout = HEADERS_TIMEOUT }: ServerOptions): FastifyInstance {
  const app = fastify({
    loggerInstance: logger,
    genReqId: requestId,
    routerOptions: { maxParamLength: MAX_NAME },
    requestTimeout: REQUEST_TIMEOUT,
    http: { headersTimeout, connectionsCheckingInterval: Math.min(headersTimeout, 5_000) },
    // Closing waits for requests under way and for nothing else: Prometheus keeps its connection open.
    forceCloseConnections: 'idle',
    clientErrorHandler,
    ...(trustProxy !== undefined && { trustProxy }),
    // Reached for a path that is no valid percent-encoding, before any hook.
    frameworkErrors: (error, request, reply) => onError(error, request, reply),
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    if (!isPlainPath(request.raw.url ?? '')) return sendError(request, reply, invalidPath());
    // Answers change with every scrape, and none is a page.
    reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff');
    return undefined;
  });
  let closing = false;
  app.addHook('preClose', async () => void (closing = true));
  app.addHook('onSend', async (_request, reply) => {
    // Else the connection of an answered request would keep the server open until the client lets go of it.
    if (closing) reply.header('connection', 'close');
  });
  app.setErrorHandler(onError);
  app.setSerializerCompiler(() => (value) => JSON.stringify(value));
  return app;
}

/** A sane id of the client's is kept, so that one id follows a request through all programs. */
function requestId({ headers }: IncomingMessage): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
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
