/** Moves between stages, gates, policies, and what was live when. */
import Type from 'typebox';
import { PlumblineError } from '../../errors.ts';
import type { Lifecycle } from '../../lifecycle/lifecycle.ts';
import { queryTime } from '../query-time.ts';
import { CLOSED, FAILURES, ModelPath, PageOf, PageQuery, TimeText, VersionPath } from '../schemas/common.ts';
import { GatesAnswer, PolicyBody, RollbackBody, TransitionBody } from '../schemas/lifecycle.ts';
import { StageName } from '../schemas/models.ts';
import { actOf, type TypedApp } from '../typed-app.ts';
import { page } from './models.ts';

const tags = ['lifecycle'];
const READ = { config: { access: 'read' } } as const;

/** Adds the routes that read. */
export function addLifecycleReads(app: TypedApp, lifecycle: Lifecycle, now: () => number): void {
  app.get(
    '/v1/models/:model/policy',
    {
      ...READ,
      schema: {
        summary: 'Policy of a model',
        tags,
        params: ModelPath,
        response: { 200: Type.Ref('Policy'), ...FAILURES },
      },
    },
    async ({ params }) => lifecycle.policy(params.model),
  );
  app.get(
    '/v1/models/:model/transitions',
    {
      ...READ,
      schema: {
        ...{ summary: 'Moves between stages, newest first', tags, params: ModelPath, querystring: PageQuery },
        response: { 200: PageOf(Type.Ref('Transition')), ...FAILURES },
      },
    },
    async ({ params, query }) =>
      page(`transitions ${params.model}`, query, (asked) => lifecycle.transitions(params.model, asked)),
  );
  app.get(
    '/v1/models/:model/live',
    {
      ...READ,
      schema: {
        ...{ summary: 'Which version was in production, and why', tags, params: ModelPath },
        querystring: Type.Object({ at: Type.Optional(TimeText('When; default: now')) }, CLOSED),
        response: { 200: Type.Ref('Live'), ...FAILURES },
      },
    },
    async ({ params, query }) =>
      lifecycle.live(params.model, query.at === undefined ? now() : queryTime('at', query.at)),
  );
  app.get(
    '/v1/models/:model/versions/:version/gates',
    {
      ...READ,
      schema: {
        ...{ summary: 'What the gates of a move would say now', tags, params: VersionPath },
        querystring: Type.Object({ to: StageName }, CLOSED),
        response: { 200: GatesAnswer, ...FAILURES },
      },
    },
    async ({ params: { model, version }, query: { to } }) => {
      const gates = await lifecycle.gates(model, version, to);
      return { model, version, to, met: gates.every(({ met }) => met), gates };
    },
  );
}

/** Adds the routes that change; they take an `Idempotency-Key`. */
export function addLifecycleChanges(app: TypedApp, lifecycle: Lifecycle): void {
  const moved = { 200: Type.Ref('Version'), 409: Type.Ref('MoveRefused'), ...FAILURES };
  app.put(
    '/v1/models/:model/policy',
    {
      config: { access: 'admin' },
      schema: {
        ...{ summary: 'Change the policy: what is named is replaced', tags, params: ModelPath, body: PolicyBody },
        response: { 200: Type.Ref('Policy'), ...FAILURES },
      },
    },
    async (request) => lifecycle.setPolicy(request.params.model, request.body, actOf(request)),
  );
  app.post(
    '/v1/models/:model/versions/:version/transition',
    {
      config: { access: 'operate' },
      schema: {
        ...{ summary: 'Move a version to another stage', tags, params: VersionPath, body: TransitionBody },
        response: moved,
      },
    },
    async (request) => {
      const { to, reason, override = false } = request.body;
      if (override && !request.principal.scopes.includes('admin')) throw overrideRefused();
      const { model, version } = request.params;
      return lifecycle.transition(model, version, { to, reason, override }, actOf(request));
    },
  );
  app.post(
    '/v1/models/:model/rollback',
    {
      config: { access: 'operate' },
      schema: {
        ...{ summary: 'Put a former version back into production', tags, params: ModelPath, body: RollbackBody },
        response: moved,
      },
    },
    async (request) => lifecycle.rollback(request.params.model, request.body, actOf(request)),
  );
}

function overrideRefused(): PlumblineError {
  const message = 'override: passing over the gates needs a token with the scope admin.';
  return new PlumblineError('forbidden', message, 'Leave it out, or use a token with that scope.');
}
