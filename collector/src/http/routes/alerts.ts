/** `POST /v1/alerts`: Grafana's webhook. Its bytes are judged before anything reads them. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import Type, { type TSchema } from 'typebox';
import { PlumblineError } from '../../errors.ts';
import { checkSignature, SIGNATURE_HEADER, TIMESTAMP_HEADER } from '../../retraining/alert-signature.ts';
import type { Retraining } from '../../retraining/run.ts';
import { takeAlerts } from '../../retraining/take-alerts.ts';
import { parseJson } from '../parse-body.ts';
import { readBody, type BodyLimits } from '../read-body.ts';
import { AlertBody } from '../schemas/retraining.ts';
import { FAILURES } from '../schemas/common.ts';
import { actOf, type TypedApp } from '../typed-app.ts';

/** What the route needs. */
export interface AlertRouteOptions {
  readonly retraining: Pick<Retraining, 'start'>;
  /** `PLUMBLINE_ALERT_HMAC`; without it no webhook is believed. */
  readonly alertSecret: string | undefined;
  /** Epoch ms. */
  readonly now: () => number;
}

/** Adds the route, in a scope of its own: the body stays the bytes that were sent until the signature was checked. */
export function addAlertRoute(scope: FastifyInstance, options: AlertRouteOptions, limits: BodyLimits): void {
  scope.removeContentTypeParser('application/json');
  scope.addContentTypeParser('application/json', async (request: FastifyRequest) => {
    const pieces: Buffer[] = [];
    await readBody(request.raw, limits, (piece) => void pieces.push(piece));
    return Buffer.concat(pieces);
  });
  const app: TypedApp = scope.withTypeProvider();
  app.post(
    '/v1/alerts',
    {
      config: { access: 'alerts' },
      schema: {
        summary: 'Webhook of Grafana: alerts that fire with action=retrain start a run',
        description: `Signed: ${SIGNATURE_HEADER} is the hexadecimal HMAC-SHA256 of \`timestamp:body\`, ${TIMESTAMP_HEADER} the time in seconds.`,
        tags: ['retraining'],
        body: AlertBody as unknown as TSchema,
        response: { 200: Type.Ref('AlertsAnswer'), ...FAILURES },
      },
      preValidation: async (request) => checkBody(request, options),
    },
    async (request) => takeAlerts(options.retraining, parsed(request.body), actOf(request)),
  );
}

function checkBody(request: FastifyRequest, { alertSecret, now }: AlertRouteOptions): void {
  if (alertSecret === undefined) throw noSecret();
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  checkSignature(
    alertSecret,
    { body, signature: header(SIGNATURE_HEADER), timestamp: header(TIMESTAMP_HEADER) },
    now(),
  );

  function header(name: string): string | undefined {
    const value = request.headers[name];
    return typeof value === 'string' ? value : undefined;
  }
}

/** Whoever knows the secret is answered, whatever they send. */
function parsed(body: unknown): unknown {
  try {
    return parseJson(body as Buffer);
  } catch (error) {
    if (error instanceof PlumblineError) return undefined;
    throw error;
  }
}

function noSecret(): PlumblineError {
  const message = 'This service knows no secret that webhooks are signed with.';
  return new PlumblineError('signature_invalid', message, 'Set PLUMBLINE_ALERT_HMAC, the same as in Grafana.');
}
