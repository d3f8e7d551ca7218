/** Performance, drift, distribution. */
import Type from 'typebox';
import type { AnswerQuery, IngestAnswers } from '../../labels/ingest.ts';
import { queryTime } from '../query-time.ts';
import { CLOSED, FAILURES, ModelPath, Name, TimeText } from '../schemas/common.ts';
import type { TypedApp } from '../typed-app.ts';

const tags = ['reports'];
const READ = { config: { access: 'read' } } as const;

const SPAN = {
  version: Type.Optional(Name('Version; by default the one in production, else the one that predicted last')),
  from: Type.Optional(TimeText('Predictions from')),
  to: Type.Optional(TimeText('Predictions before')),
};

/** Most predictions that are judged at once. */
const MAX_WINDOW = 100_000;

/** Adds the routes. */
export function addReportRoutes(app: TypedApp, answers: IngestAnswers): void {
  app.get(
    '/v1/models/:model/performance',
    {
      ...READ,
      schema: {
        ...{ summary: 'Performance of a version', tags, params: ModelPath, querystring: Type.Object(SPAN, CLOSED) },
        response: { 200: Type.Ref('Performance'), ...FAILURES },
      },
    },
    async ({ params, query }) => answers.performance(asked(params.model, query)),
  );
  const window = Type.Optional(
    Type.Integer({ minimum: 1, maximum: MAX_WINDOW, description: 'The last so many predictions, judged now' }),
  );
  app.get(
    '/v1/models/:model/drift',
    {
      ...READ,
      schema: {
        ...{ summary: 'Drift of the last closed window', tags, params: ModelPath },
        querystring: Type.Object({ ...SPAN, window }, CLOSED),
        response: { 200: Type.Ref('Drift'), ...FAILURES },
      },
    },
    async ({ params, query }) =>
      answers.drift({
        ...asked(params.model, query),
        ...(query.window !== undefined && { window: query.window }),
      }),
  );
  app.get(
    '/v1/models/:model/distribution',
    {
      ...READ,
      schema: {
        ...{ summary: 'Shares of predicted classes', tags, params: ModelPath, querystring: Type.Object(SPAN, CLOSED) },
        response: { 200: Type.Ref('Distribution'), ...FAILURES },
      },
    },
    async ({ params, query }) => answers.distribution(asked(params.model, query)),
  );
}

interface Span {
  readonly version?: string;
  readonly from?: string;
  readonly to?: string;
}

function asked(model: string, { version, from, to }: Span): AnswerQuery {
  return {
    model,
    ...(version !== undefined && { version }),
    ...(from !== undefined && { from: queryTime('from', from) }),
    ...(to !== undefined && { to: queryTime('to', to) }),
  };
}
