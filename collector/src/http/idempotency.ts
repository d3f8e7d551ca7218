/** `Idempotency-Key` on routes that change something: the same request again gets the answer of the first and does nothing. */
import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { KeptAnswers, RepeatedRequest } from '../audit/repeated-request.ts';
import { PlumblineError } from '../errors.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The key this request holds until it is answered. */
    claimed: RepeatedRequest | null;
  }
}

/** Nothing but an upload takes longer, in milliseconds. */
const PATIENCE = 2 * 60_000;
const UPLOAD_PATIENCE = 60 * 60_000;
const KEY = /^[\x21-\x7e]{1,255}$/;

/** Adds the header to every route of this scope. */
export function addIdempotency(app: FastifyInstance, answers: KeptAnswers): void {
  app.decorateRequest('claimed', null);
  app.addHook('preHandler', async (request, reply) => {
    const key = request.headers['idempotency-key'];
    if (key === undefined || request.method === 'GET' || request.method === 'HEAD') return undefined;
    if (typeof key !== 'string' || !KEY.test(key)) throw invalidKey();
    const asked = requestOf(request, key);
    const state = await answers.claim(asked);
    if (state.kind === 'busy') throw busy(reply);
    if (state.kind === 'other') throw mismatch();
    if (state.kind === 'answered') return replay(reply, state.answer);
    request.claimed = asked;
    return undefined;
  });
  app.addHook('onSend', async (request, reply, payload) => {
    const claimed = request.claimed;
    if (claimed === null) return;
    request.claimed = null;
    await settle(request, reply.statusCode, claimed, payload);
  });

  async function settle(request: FastifyRequest, status: number, claimed: RepeatedRequest, payload: unknown) {
    try {
      // What failed inside may succeed the next time, so nothing is kept of it; nor of a stream, which passes by only once.
      const isStream = typeof payload === 'object' && payload !== null;
      if (status >= 500 || isStream) await answers.release(claimed);
      else await answers.keep(claimed, { status, body: typeof payload === 'string' ? payload : '' });
    } catch (error) {
      // The change itself is done, and its answer must not turn into a failure.
      request.log.error(error, 'an answer could not be kept for its Idempotency-Key');
    }
  }
}

function replay(
  reply: FastifyReply,
  { status, body }: { readonly status: number; readonly body: string },
): FastifyReply {
  reply.code(status).header('idempotency-replayed', 'true');
  return body === '' ? reply.send() : reply.header('content-type', 'application/json; charset=utf-8').send(body);
}

/** One key means one thing to one actor with one token. An upload is told by its length: its content passes by only once. */
function requestOf(request: FastifyRequest, key: string): RepeatedRequest {
  const { token, name } = request.principal.actor;
  const upload = request.isMultipart();
  const content = upload ? `upload ${request.headers['content-length'] ?? ''}` : JSON.stringify(request.body ?? null);
  const hash = createHash('sha256').update(`${request.method} ${request.url}\n${content}`).digest('hex');
  return {
    scope: JSON.stringify([token, name, key]),
    requestHash: hash,
    patience: upload ? UPLOAD_PATIENCE : PATIENCE,
  };
}

function invalidKey(): PlumblineError {
  const message = 'Idempotency-Key: must be 1 to 255 visible ASCII characters.';
  return new PlumblineError('invalid_request', message, 'Use a random UUID for each act.');
}

function busy(reply: FastifyReply): PlumblineError {
  reply.header('retry-after', '1');
  const message = 'The first request with this Idempotency-Key is still under way.';
  return new PlumblineError('conflict', message, 'Send it again in a moment to get its answer.');
}

function mismatch(): PlumblineError {
  const message = 'Idempotency-Key: this key was used for another request.';
  return new PlumblineError('idempotency_mismatch', message, 'Use a new key for each act.');
}
