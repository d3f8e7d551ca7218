/** The app with handlers typed by the schemas of their routes. */
import type { FastifyBaseLogger, FastifyInstance, FastifyRequest, RawServerDefault } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { Act } from '../registry/model-version.ts';

/** A Fastify instance whose handlers know the types of query, path and body. */
export type TypedApp = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** For whom a change is written down. */
export function actOf({ principal, id }: Pick<FastifyRequest, 'principal' | 'id'>): Act {
  return { actor: principal.actor, requestId: id };
}
