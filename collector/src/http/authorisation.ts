/** Authorises every request before its body is read. A route under `/v1` that does not say what it asks for cannot be added. */
import type { FastifyInstance } from 'fastify';
import { PlumblineError } from '../errors.ts';
import type { Access, Authenticate, Principal } from './principal.ts';
import type { Limits } from './rate-limit.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sends it; on routes with access `none` nobody was asked. */
    principal: Principal;
  }
  interface FastifyContextConfig {
    /** What the route asks for. */
    access?: Access;
  }
}

const NOBODY: Principal = { scopes: [], actor: { name: 'anonymous', role: null, verified: false, token: null } };

/** Adds the check to an app, for the routes that are added after it. */
export function addAuthorisation(app: FastifyInstance, authenticate: Authenticate, limits: Limits): void {
  app.decorateRequest('principal');
  app.addHook('onRoute', ({ url, config }) => {
    if (url.startsWith('/v1') && config?.access === undefined)
      throw new Error(`${url} does not say what access it asks for`);
  });
  app.addHook('onRequest', async (request, reply) => {
    request.principal = NOBODY;
    const access = request.routeOptions.config.access ?? 'none';
    if (access === 'none') return;
    try {
      request.principal = await authenticate(request.headers, access);
    } catch (error) {
      if (error instanceof PlumblineError && error.status < 500) await limits.countRefused(request, reply);
      if (error instanceof PlumblineError && error.status === 401) reply.header('www-authenticate', 'Bearer');
      throw error;
    }
    await limits.count(request, reply);
  });
}
