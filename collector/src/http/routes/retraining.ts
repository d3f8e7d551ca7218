/** Retraining: the dry run, runs, and what operators ask of them. */
import Type from 'typebox';
import { PlumblineError } from '../../errors.ts';
import type { Refusal, Retraining } from '../../retraining/run.ts';
import { FAILURES, ModelPath, PageOf, PageQuery } from '../schemas/common.ts';
import { CancelBody, RetrainBody, RunPath } from '../schemas/retraining.ts';
import { actOf, type TypedApp } from '../typed-app.ts';
import { page } from './models.ts';

const tags = ['retraining'];
const READ = { config: { access: 'read' } } as const;

/** Adds the routes that read. */
export function addRetrainingReads(app: TypedApp, retraining: Retraining): void {
  app.get(
    '/v1/models/:model/retraining',
    {
      ...READ,
      schema: {
        ...{ summary: 'Runs of retraining, newest first', tags, params: ModelPath, querystring: PageQuery },
        response: { 200: PageOf(Type.Ref('RetrainingRunSummary')), ...FAILURES },
      },
    },
    async ({ params, query }) =>
      page(`retraining ${params.model}`, query, (asked) => retraining.runs(params.model, asked)),
  );
  app.get(
    '/v1/models/:model/retraining/plan',
    {
      ...READ,
      schema: {
        ...{ summary: 'Dry run: what would be started now, and why', tags, params: ModelPath },
        response: { 200: Type.Ref('RetrainingPlan'), ...FAILURES },
      },
    },
    async ({ params }) => retraining.plan(params.model),
  );
  app.get(
    '/v1/models/:model/retraining/:run',
    {
      ...READ,
      schema: {
        ...{ summary: 'A run: its state, steps and log', tags, params: RunPath },
        response: { 200: Type.Ref('RetrainingRun'), ...FAILURES },
      },
    },
    async ({ params }) => retraining.run(params.model, params.run),
  );
}

/** Adds the routes that change; they take an `Idempotency-Key`. */
export function addRetrainingChanges(app: TypedApp, retraining: Retraining): void {
  app.post(
    '/v1/models/:model/retraining',
    {
      config: { access: 'operate' },
      schema: {
        ...{ summary: 'Start a run', tags, params: ModelPath, body: RetrainBody },
        response: { 202: Type.Ref('RetrainingRun'), 409: Type.Ref('RetrainingRefused'), ...FAILURES },
      },
    },
    async (request, reply) => {
      const { reason, override = false } = request.body;
      if (override && !request.principal.scopes.includes('admin')) throw overrideRefused();
      const { model } = request.params;
      const answer = await retraining.start(model, { trigger: 'operator', reason, override }, actOf(request));
      if (answer.outcome === 'refused') throw refused(model, answer.refusal);
      const run = answer.outcome === 'started' ? answer.run : await retraining.run(model, answer.run ?? '');
      return reply.code(202).header('location', `/v1/models/${model}/retraining/${run.run}`).send(run);
    },
  );
  app.post(
    '/v1/models/:model/retraining/:run/cancel',
    {
      config: { access: 'operate' },
      schema: {
        ...{ summary: 'End a run', tags, params: RunPath, body: CancelBody },
        response: { 202: Type.Ref('RetrainingRun'), ...FAILURES },
      },
    },
    async (request, reply) => {
      const { model, run } = request.params;
      return reply.code(202).send(await retraining.cancel(model, run, request.body.reason, actOf(request)));
    },
  );
}

const HELP: Readonly<Record<Refusal['code'], string>> = {
  no_trainer: 'Name one: PUT …/policy with retraining.trainer.',
  running: 'Wait for its end, or cancel it.',
  cooldown: 'Wait, or let an admin start it with override: true.',
  budget: 'Wait, raise retraining.runsPerWeek, or let an admin start it with override: true.',
  switched_off: 'Switch it on: PUT …/policy with retraining.triggers.',
};

function refused(model: string, refusal: Refusal): PlumblineError {
  const message = `No run of "${model}" was started. ${refusal.message}`;
  return new PlumblineError('retraining_refused', message, HELP[refusal.code], { details: { refusal } });
}

function overrideRefused(): PlumblineError {
  const message = 'override: passing over cooldown and budget needs a token with the scope admin.';
  return new PlumblineError('forbidden', message, 'Leave it out, or use a token with that scope.');
}
