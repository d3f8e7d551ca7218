/** Models and versions: reading, declaring, changing, removing. */
import Type from 'typebox';
import type { Registry } from '../../registry/model-version.ts';
import { readCursor, writeCursor } from '../cursor.ts';
import { DEFAULT_PAGE, FAILURES, ModelPath, Name, PageOf, PageQuery, VersionPath } from '../schemas/common.ts';
import { ModelDeclarationBody, VersionChangeBody } from '../schemas/models.ts';
import { actOf, type TypedApp } from '../typed-app.ts';

const tags = ['models'];
const READ = { config: { access: 'read' } } as const;

/** Adds the routes that read. */
export function addModelReads(app: TypedApp, registry: Registry): void {
  app.get(
    '/v1/models',
    {
      ...READ,
      schema: {
        summary: 'Models',
        tags,
        querystring: PageQuery,
        response: { 200: PageOf(Type.Ref('Model')), ...FAILURES },
      },
    },
    async ({ query }) => page('models', query, (asked) => registry.models(asked)),
  );
  app.get(
    '/v1/models/:model',
    {
      ...READ,
      schema: { summary: 'A model', tags, params: ModelPath, response: { 200: Type.Ref('Model'), ...FAILURES } },
    },
    async ({ params }) => registry.model(params.model),
  );
  app.get(
    '/v1/models/:model/versions',
    {
      ...READ,
      schema: {
        ...{
          summary: 'Versions of a model; their profiles are left out',
          tags,
          params: ModelPath,
          querystring: PageQuery,
        },
        response: { 200: PageOf(Type.Ref('Version')), ...FAILURES },
      },
    },
    async ({ params, query }) =>
      page(`versions ${params.model}`, query, (asked) => registry.versions(params.model, asked)),
  );
  app.get(
    '/v1/models/:model/versions/:version',
    {
      ...READ,
      schema: { summary: 'A version', tags, params: VersionPath, response: { 200: Type.Ref('Version'), ...FAILURES } },
    },
    async ({ params }) => registry.version(params.model, params.version),
  );
  app.get(
    '/v1/models/:model/versions/compare',
    {
      ...READ,
      schema: {
        ...{ summary: 'How two versions differ', tags, params: ModelPath },
        querystring: Type.Object({ a: Name('One version'), b: Name('The other') }, { additionalProperties: false }),
        response: { 200: Type.Ref('Comparison'), ...FAILURES },
      },
    },
    async ({ params, query }) => registry.compare(params.model, query.a, query.b),
  );
}

/** Adds the routes that change; they take an `Idempotency-Key`. */
export function addModelChanges(app: TypedApp, registry: Registry): void {
  app.put(
    '/v1/models/:model',
    {
      config: { access: 'admin' },
      schema: {
        ...{ summary: 'Declare what a model predicts', tags, params: ModelPath, body: ModelDeclarationBody },
        response: { 200: Type.Ref('Model'), ...FAILURES },
      },
    },
    async (request) => registry.declare(request.params.model, request.body, actOf(request)),
  );
  app.patch(
    '/v1/models/:model/versions/:version',
    {
      config: { access: 'operate' },
      schema: {
        ...{ summary: 'Change description, aliases or tags', tags, params: VersionPath, body: VersionChangeBody },
        response: { 200: Type.Ref('Version'), ...FAILURES },
      },
    },
    async (request) => registry.change(request.params.model, request.params.version, request.body, actOf(request)),
  );
  app.delete(
    '/v1/models/:model/versions/:version',
    {
      config: { access: 'admin' },
      schema: {
        ...{ summary: 'Remove a version and its files', tags, params: VersionPath },
        response: { 204: Type.Null(), ...FAILURES },
      },
    },
    async (request, reply) => {
      await registry.remove(request.params.model, request.params.version, actOf(request));
      return reply.code(204).send(null);
    },
  );
}

interface Asked {
  readonly cursor?: string;
  readonly limit?: number;
}

/** One page of a list, with the cursor of the next. */
export async function page<Item>(
  list: string,
  { cursor, limit = DEFAULT_PAGE }: Asked,
  read: (page: { readonly after?: string; readonly limit: number }) => Promise<{
    readonly items: readonly Item[];
    readonly next: string | null;
  }>,
): Promise<{ items: readonly Item[]; next: string | null }> {
  const after = readCursor(list, cursor);
  const { items, next } = await read({ limit, ...(after !== undefined && { after }) });
  return { items, next: writeCursor(list, next) };
}
