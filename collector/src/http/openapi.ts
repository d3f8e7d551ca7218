/** The API's own description: `/openapi.json`, made of the routes' schemas, and a page to browse it at `/docs`, without any remote load. */
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance, FastifySchema } from 'fastify';
import { NAMED_SCHEMAS } from './schemas/index.ts';
import type { Access } from './principal.ts';

const ABOUT =
  'Durable ingest of predictions and labels, model versions and their lifecycle, performance and drift. Errors are ' +
  '`{message, code, help, requestId}`. Routes that change something take an `Idempotency-Key`.';

/** Scripts, styles and pictures of this service only. */
const CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** What answers of a status mean, where the route does not say it. */
const MEANINGS: Readonly<Record<string, string>> = {
  '200': 'Done',
  '201': 'Saved',
  '204': 'Done; there is nothing to say',
  '400': 'Not a valid request, or no row was taken',
  '409': 'Refused in the present state',
  '4XX': 'The request cannot be served as it is; `code` and `help` say why',
  '5XX': 'The service cannot serve it now',
};

/** Watches the routes that are added from now on. */
export async function describeRoutes(app: FastifyInstance, version: string): Promise<void> {
  for (const schema of NAMED_SCHEMAS) app.addSchema(schema);
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Plumbline collector',
        version,
        description: ABOUT,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: '/' }],
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    },
    refResolver: { buildLocalReference: (schema) => String(schema['$id']) },
    transform: ({ schema, url, route }) => {
      const access = route.config?.access;
      return { url: url.replace('*', ':path'), schema: described(schema, access, [route.method].flat()[0] ?? '', url) };
    },
    transformObject: (document) => {
      if ('openapiObject' in document) nameAnswers(document.openapiObject.paths ?? {});
      return 'openapiObject' in document ? document.openapiObject : document.swaggerObject;
    },
  });
}

/** Adds the document and the page. */
export async function addDocumentRoutes(app: FastifyInstance): Promise<void> {
  let text: string | undefined;
  app.get('/openapi.json', { schema: { hide: true } }, (_request, reply) => {
    text ??= JSON.stringify(app.swagger());
    return reply.type('application/json; charset=utf-8').send(text);
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: CSP,
    uiConfig: { validatorUrl: null, deepLinking: true },
    theme: { title: 'Plumbline API' },
  });
}

function described(
  schema: FastifySchema | undefined,
  access: Access | undefined,
  method: string,
  url: string,
): FastifySchema {
  if (!schema || schema.hide === true || access === undefined) return { ...schema };
  const named = { ...renamed(schema), operationId: operationId(method, url) };
  if (access === 'none') return { ...named, security: [] };
  const needs = access === 'any' ? 'Any token.' : `Scope: \`${access}\`.`;
  return { ...named, description: [schema.description, needs].filter(Boolean).join(' '), security: [{ token: [] }] };
}

/** A wildcard is called `path`. */
function renamed(schema: FastifySchema): FastifySchema {
  const params = schema.params as { readonly properties?: Readonly<Record<string, unknown>> } | undefined;
  if (!params?.properties || !('*' in params.properties)) return schema;
  const { '*': path, ...others } = params.properties;
  const properties = { ...others, path };
  return { ...schema, params: { type: 'object', properties, required: Object.keys(properties) } };
}

/** `getModelsVersionsFiles` of `GET /v1/models/:model/versions/:version/files/*`; a path that ends in a name is of one. */
function operationId(method: string, url: string): string {
  const parts = url.split('/').filter((part) => part !== '' && part !== 'v1');
  const words = parts.filter((part) => !/^[:*]/.test(part)).map((part) => part.replace(/^./, (c) => c.toUpperCase()));
  return `${method.toLowerCase()}${words.join('')}${parts.at(-1)?.startsWith(':') ? 'One' : ''}`;
}

type Paths = Readonly<Record<string, unknown>>;

function nameAnswers(paths: Paths): void {
  for (const path of Object.values(paths))
    for (const operation of Object.values(path as Paths)) {
      const answers = (operation as { readonly responses?: Record<string, { description: string }> }).responses ?? {};
      for (const [status, answer] of Object.entries(answers))
        answer.description = MEANINGS[status] ?? answer.description;
    }
}
