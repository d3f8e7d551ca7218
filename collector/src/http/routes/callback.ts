/** What trainers elsewhere may do: fetch the examples of their run, and report its end. The token of the run opens both, and nothing else does. */
import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import Type, { type Static, type TSchema } from 'typebox';
import { PlumblineError } from '../../errors.ts';
import type { RunCallbacks } from '../../retraining/callback-desk.ts';
import { FAILURES } from '../schemas/common.ts';
import { CallbackBody, CallbackUpload, RunPath } from '../schemas/retraining.ts';
import type { TypedApp } from '../typed-app.ts';
import { readFields } from '../upload.ts';
import { validatorCompiler } from '../validator.ts';

const tags = ['retraining'];
const OWN = { access: 'none' } as const;
const description = 'Opened by the token of the run, which the trainer was given; no other token counts.';
const validate = validatorCompiler({ schema: CallbackBody, method: 'POST', url: '', httpPart: 'body' });

/** Adds the routes. */
export function addCallbackRoutes(app: TypedApp, callbacks: RunCallbacks): void {
  const onRequest = async (request: FastifyRequest) => {
    const { model, run } = request.params as Static<typeof RunPath>;
    const token = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1];
    await callbacks.check(model, run, token);
  };
  app.post(
    '/v1/models/:model/retraining/:run/callback',
    {
      config: OWN,
      schema: {
        ...{ summary: 'A trainer elsewhere reports', description, tags, params: RunPath, body: BODY },
        response: { 204: Type.Null(), ...FAILURES },
      },
      onRequest,
    },
    async (request, reply) => {
      const { run } = request.params;
      if (request.isMultipart())
        await readFields(request, (fields, files) => callbacks.report(run, checked(fields), files));
      else await callbacks.report(run, checked(request.body));
      return reply.code(204).send(null);
    },
  );
  app.get(
    '/v1/models/:model/retraining/:run/data',
    {
      config: OWN,
      schema: {
        ...{ summary: 'Training examples of a run, a line each', description, tags, params: RunPath },
        produces: ['application/x-ndjson'],
        response: {
          200: { content: { 'application/x-ndjson': { schema: Type.String() } } } as unknown as TSchema,
          ...FAILURES,
        },
      },
      onRequest,
    },
    async (request, reply) =>
      reply
        .type('application/x-ndjson')
        .header('cache-control', 'no-store')
        .send(Readable.from(callbacks.data(request.params.run), { objectMode: false })),
  );
}

const BODY = {
  content: { 'application/json': { schema: CallbackBody }, 'multipart/form-data': { schema: CallbackUpload } },
} as unknown as TSchema;

function checked(fields: unknown): Static<typeof CallbackBody> {
  if (fields === undefined)
    throw new PlumblineError(
      'invalid_request',
      'body: is missing.',
      'Send JSON with the status, or multipart/form-data.',
    );
  const { value, error } = validate(fields) as { readonly value?: Static<typeof CallbackBody>; readonly error?: Error };
  if (error) throw error;
  return value as Static<typeof CallbackBody>;
}
