/** Who am I, and what answers here: for set-up pages that test a connection with each of their tokens. */
import type { FastifyRequest } from 'fastify';
import Type, { type TSchema } from 'typebox';
import { SCOPES } from '../../audit/scopes.ts';
import { FAILURES } from '../schemas/common.ts';
import type { TypedApp } from '../typed-app.ts';

/** Version of the HTTP API; it grows when something is taken away or changes its meaning. */
export const API_VERSION = 1;

const InfoAnswer = Type.Object({
  version: Type.String({ description: 'Of Plumbline' }),
  apiVersion: Type.Integer(),
  scopes: Type.Array(Type.Enum([...SCOPES]), { description: 'Of the token, implied ones included' }),
  actor: Type.Ref('Actor'),
  ready: Type.Boolean(),
});

/** Adds `GET` and `POST /v1/info`. */
export function addInfoRoutes(app: TypedApp, version: string, isReady: () => Promise<boolean>): void {
  const schema = { tags: ['service'], response: { 200: InfoAnswer as TSchema, ...FAILURES } };
  const answer = async ({ principal }: Pick<FastifyRequest, 'principal'>) => ({
    version,
    apiVersion: API_VERSION,
    ...{ scopes: principal.scopes, actor: principal.actor },
    ready: await isReady(),
  });
  const config = { access: 'any' } as const;
  app.get('/v1/info', { config, schema: { ...schema, summary: 'The service, and who asks' } }, answer);
  app.post('/v1/info', { config, schema: { ...schema, summary: 'The same, for routes that only post' } }, answer);
}
