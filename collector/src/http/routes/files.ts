/** Files of versions: saving (upload or a path of the service's machine) and reading. */
import { Readable } from 'node:stream';
import Type, { type Static, type TSchema } from 'typebox';
import { parseReference } from '../../distribution/parse-reference.ts';
import { PlumblineError } from '../../errors.ts';
import type { NewVersion, Registry } from '../../registry/model-version.ts';
import { FAILURES, ModelPath, Name } from '../schemas/common.ts';
import { NewVersionBody, UploadBody } from '../schemas/models.ts';
import { actOf, type TypedApp } from '../typed-app.ts';
import { readUpload, type UploadedVersion } from '../upload.ts';

const tags = ['models'];

/** Adds the route that saves a version. */
export function addSaveRoute(app: TypedApp, registry: Registry): void {
  app.post(
    '/v1/models/:model/versions',
    {
      config: { access: 'operate' },
      schema: {
        ...{ summary: 'Save a version: upload its files, or name a path below an allowed root', tags },
        ...{ params: ModelPath, body: BODY },
        response: { 201: Type.Ref('Version'), ...FAILURES },
      },
    },
    async (request, reply) => {
      const { model } = request.params;
      const act = actOf(request);
      const saved = request.isMultipart()
        ? await readUpload(request, (version, files) =>
            registry.save(newVersion(model, version), { kind: 'upload', files }, act),
          )
        : await registry.save(
            newVersion(model, pathOf(request.body)),
            { kind: 'path', path: pathOf(request.body).path },
            act,
          );
      const place = `/v1/models/${encodeURIComponent(model)}/versions/${encodeURIComponent(saved.version)}`;
      return reply.code(201).header('location', place).send(saved);
    },
  );
}

/** Per content type; an upload's fields are checked as they are read. */
const BODY = {
  content: {
    'application/json': { schema: NewVersionBody },
    'multipart/form-data': { schema: UploadBody },
  },
} as unknown as TSchema;

function newVersion(model: string, fields: UploadedVersion & { readonly path?: string }): NewVersion {
  const { reference, covers, path: _path, ...version } = fields;
  const validation = covers && ({ by: 'reported', covers, run: null } as const);
  return {
    ...version,
    model,
    ...(validation && { validation }),
    ...(reference !== undefined && { reference: parseReference(reference) }),
  };
}

function pathOf(body: unknown): Static<typeof NewVersionBody> {
  if (body !== undefined) return body as Static<typeof NewVersionBody>;
  const help = 'Send JSON with the path of the files, or upload them as multipart/form-data.';
  throw new PlumblineError('invalid_request', 'body: is missing.', help);
}

/** Adds the route that reads a file; its digest is checked on the way, and a damaged one breaks off. */
export function addFileRoute(app: TypedApp, registry: Registry): void {
  app.get(
    '/v1/models/:model/versions/:version/files/*',
    {
      config: { access: 'read' },
      schema: {
        ...{ summary: 'One file of a version', tags, produces: ['application/octet-stream'] },
        params: Type.Object({ model: Name('Model'), version: Name('Version'), '*': Type.String({ minLength: 1 }) }),
        response: {
          200: {
            content: { 'application/octet-stream': { schema: Type.String({ format: 'binary' }) } },
          } as unknown as TSchema,
          ...FAILURES,
        },
      },
    },
    async (request, reply) => {
      const { model, version, '*': path } = request.params;
      const { file, content } = await registry.file(model, version, path);
      const etag = `"${file.sha256}"`;
      reply.header('etag', etag).header('cache-control', 'private, no-cache');
      if (request.headers['if-none-match'] === etag) {
        await content[Symbol.asyncIterator]().return?.();
        return reply.code(304).send();
      }
      reply.header('content-length', file.size).header('content-disposition', 'attachment');
      return reply.type('application/octet-stream').send(Readable.from(content, { objectMode: false }));
    },
  );
}
