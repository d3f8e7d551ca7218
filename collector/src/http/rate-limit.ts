/** How often a token may ask: fair shares of one process, and a brake for clients that loop. */
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { PlumblineError } from '../errors.ts';

const MINUTE = 60_000;
/** Requests a minute from one address that carry no valid token. */
const REFUSED_PER_MINUTE = 300;

/** Counts a request and refuses it when there were too many. */
export interface Limits {
  /** One more request of this token, or of the address where there is none. */
  count(request: FastifyRequest, reply: FastifyReply): Promise<void>;
  /** One more request that could not be authenticated. */
  countRefused(request: FastifyRequest, reply: FastifyReply): Promise<void>;
}

/** @param perMinute requests per token and minute; 0 for no limit */
export async function addRateLimit(app: FastifyInstance, perMinute: number): Promise<Limits> {
  await app.register(rateLimit, { global: false });
  const byToken = app.createRateLimit({
    max: perMinute,
    timeWindow: MINUTE,
    keyGenerator: (request) => `token ${request.principal.actor.token ?? request.ip}`,
  });
  const refused = app.createRateLimit({
    max: REFUSED_PER_MINUTE,
    timeWindow: MINUTE,
    keyGenerator: (request) => `refused ${request.ip}`,
  });
  const check = (limiter: typeof byToken) => async (request: FastifyRequest, reply: FastifyReply) => {
    const found = await limiter(request);
    if (found.isAllowed || !found.isExceeded) return;
    reply.header('retry-after', String(Math.max(1, found.ttlInSeconds)));
    throw tooMany(found.max);
  };
  return { count: perMinute > 0 ? check(byToken) : () => Promise.resolve(), countRefused: check(refused) };
}

function tooMany(max: number): PlumblineError {
  const message = `More than ${max} requests in a minute.`;
  const help = 'Wait as long as Retry-After says; send more rows per request. PLUMBLINE_RATE_LIMIT changes the limit.';
  return new PlumblineError('rate_limited', message, help);
}
