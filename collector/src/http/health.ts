/** `/metrics`, `/livez`, `/readyz`. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import Type from 'typebox';
import { PlumblineError } from '../errors.ts';
import { FAILURES } from './schemas/common.ts';
import type { TypedApp } from './typed-app.ts';

/** What the routes answer from. */
export interface HealthOptions {
  /** Answers one request with the Prometheus text format. */
  readonly metrics: (request: IncomingMessage, response: ServerResponse) => void;
  /** Why the service cannot do its work now; undefined when it can. */
  readonly notReady: () => Promise<string | undefined> | string | undefined;
  /** Whether `/metrics` asks for a token with the scope `read`. */
  readonly metricsNeedToken: boolean;
}

const tags = ['service'];
const Status = Type.Object({ status: Type.String() });

/** Adds the routes. */
export function addHealthRoutes(app: TypedApp, { metrics, notReady, metricsNeedToken }: HealthOptions): void {
  app.get(
    '/metrics',
    {
      config: { access: metricsNeedToken ? 'read' : 'none' },
      schema: {
        summary: 'Prometheus metrics',
        tags,
        produces: ['text/plain'],
        response: { 200: Type.String(), ...FAILURES },
      },
    },
    (request, reply) => {
      reply.hijack();
      reply.raw.setHeader('x-request-id', request.id);
      metrics(request.raw, reply.raw);
    },
  );
  app.get(
    '/livez',
    {
      config: { access: 'none' },
      schema: { summary: 'Whether the process runs', tags, response: { 200: Status, ...FAILURES } },
    },
    () => ({ status: 'alive' }),
  );
  app.get(
    '/readyz',
    {
      config: { access: 'none' },
      schema: { summary: 'Whether it can do its work', tags, response: { 200: Status, ...FAILURES } },
    },
    async () => {
      const reason = await notReady();
      if (reason !== undefined) throw new PlumblineError('not_ready', reason, 'Ask again in a moment.');
      return { status: 'ready' };
    },
  );
}
