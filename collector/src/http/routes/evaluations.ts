/** Offline evaluations: chosen versions on one labelled set. They take minutes, so they are begun here and looked at afterwards. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import Type, { type Static, type TSchema } from 'typebox';
import { PlumblineError } from '../../errors.ts';
import type { EvaluationRequest, EvaluationRows, Evaluations } from '../../retraining/evaluation/evaluations.ts';
import { NDJSON, Rows } from '../parse-body.ts';
import { queryTime } from '../query-time.ts';
import { FAILURES, ModelPath, Name, NAME_PATTERN, PageOf, PageQuery } from '../schemas/common.ts';
import { EvaluateBody, EvaluateQuery } from '../schemas/evaluations.ts';
import { actOf, type TypedApp } from '../typed-app.ts';
import { page } from './models.ts';

const tags = ['evaluations'];
const OPERATE = { config: { access: 'operate' } } as const;
const EvaluationPath = Type.Object({
  model: Name('Model'),
  id: Type.String({ pattern: '^[A-Za-z0-9-]{1,64}$', description: 'Evaluation' }),
});
const ANSWERS = { 200: Type.Ref('Evaluation'), ...FAILURES };
/** Seconds for each version where nobody says another number. */
const TIME_LIMIT = 600;
/** `Prefer: wait=…` counts up to so many seconds: proxies give up soon after. */
const LONGEST_WAIT = 60;

/** Adds the routes that read. They ask for `operate`: what versions print stands in the answers. */
export function addEvaluationReads(app: TypedApp, evaluations: Evaluations): void {
  app.get(
    '/v1/models/:model/evaluations',
    {
      ...OPERATE,
      schema: {
        ...{ summary: 'Evaluations, newest first', tags, params: ModelPath, querystring: PageQuery },
        response: { 200: PageOf(Type.Ref('Evaluation')), ...FAILURES },
      },
    },
    async ({ params, query }) =>
      page(`evaluations ${params.model}`, query, (asked) => evaluations.list(params.model, asked)),
  );
  app.get(
    '/v1/models/:model/evaluations/:id',
    {
      ...OPERATE,
      schema: {
        ...{ summary: 'An evaluation', tags, params: EvaluationPath, response: ANSWERS },
        description: '`Prefer: wait=30` answers when it has ended, after 30 s at most.',
      },
    },
    async (request, reply) => {
      const { model, id } = request.params;
      return evaluations.get(model, id, patienceOf(request, reply));
    },
  );
}

/** Adds the routes that change. */
export function addEvaluationChanges(app: TypedApp, evaluations: Evaluations): void {
  app.post(
    '/v1/models/:model/evaluate',
    {
      ...OPERATE,
      schema: {
        ...{ summary: 'Run versions on one labelled set', tags, params: ModelPath, querystring: EvaluateQuery },
        description:
          'Answers 202 with the evaluation and its place (`Location`); with `Prefer: wait=30` 200 where it ends within 30 s. NDJSON: a row a line, `versions` in the query.',
        body: BODY,
        response: { 200: Type.Ref('Evaluation'), 202: Type.Ref('Evaluation'), ...FAILURES },
      },
    },
    async (request, reply) => {
      const { model } = request.params;
      const begun = await evaluations.start(model, requestOf(request), actOf(request));
      const place = `/v1/models/${encodeURIComponent(model)}/evaluations/${begun.id}`;
      const patience = patienceOf(request, reply);
      const record = patience > 0 ? await evaluations.get(model, begun.id, patience) : begun;
      const code = record.status === 'running' ? 202 : 200;
      return reply.code(code).header('location', place).send(record);
    },
  );
  app.post(
    '/v1/models/:model/evaluations/:id/cancel',
    {
      ...OPERATE,
      schema: { summary: 'End an evaluation', tags, params: EvaluationPath, response: ANSWERS },
    },
    async ({ params: { model, id } }) => evaluations.cancel(model, id),
  );
}

/** Lines of rows are judged one by one. */
const BODY = {
  content: {
    'application/json': { schema: EvaluateBody },
    [NDJSON]: { schema: Type.Unknown({ description: 'A row {id?, features, label} a line' }) },
  },
} as unknown as TSchema;

function requestOf({
  body,
  query,
}: Pick<FastifyRequest, 'body'> & { readonly query: Static<typeof EvaluateQuery> }): EvaluationRequest {
  if (body === undefined) throw invalid('body: is missing.', 'Send JSON, or lines of rows as application/x-ndjson.');
  if (body instanceof Rows) {
    const [unreadable] = body.unreadable;
    if (unreadable) throw invalid(`rows[${unreadable[0]}]: ${unreadable[1]}`, 'Send one JSON document per line.');
    return {
      versions: namesOf(query.versions),
      rows: { kind: 'sent', rows: body.rows },
      timeLimitSeconds: query.timeLimitSeconds ?? TIME_LIMIT,
    };
  }
  const { versions, timeLimitSeconds = TIME_LIMIT, ...rest } = body as Static<typeof EvaluateBody>;
  if (query.versions !== undefined || query.timeLimitSeconds !== undefined)
    throw invalid('query: with a body of JSON everything stands in the body.', 'Leave the query out.');
  return { versions, timeLimitSeconds, rows: rowsOf(rest) };
}

function rowsOf({ rows, stored }: Pick<Static<typeof EvaluateBody>, 'rows' | 'stored'>): EvaluationRows {
  if ((rows === undefined) === (stored === undefined))
    throw invalid('rows: give either rows or stored.', 'stored: {} takes every labelled prediction there is.');
  if (rows) return { kind: 'sent', rows };
  const { from, to, source = 'all' } = stored ?? {};
  return {
    ...{ kind: 'stored', source },
    from: from === undefined ? undefined : queryTime('stored.from', from, 'body'),
    to: to === undefined ? undefined : queryTime('stored.to', to, 'body'),
  };
}

function namesOf(text: string | undefined): string[] {
  const names = (text ?? '').split(',');
  const pattern = new RegExp(NAME_PATTERN, 'u');
  if (names.length > 10 || names.some((name) => !pattern.test(name)))
    throw invalid(
      'query.versions: expected 1 to 10 names of versions, separated by commas.',
      'For instance ?versions=7,8.',
    );
  return names;
}

/** RFC 7240. */
function patienceOf(request: Pick<FastifyRequest, 'headers'>, reply: FastifyReply): number {
  const wanted = /(?:^|[,;\s])wait=(\d{1,6})(?:$|[,;\s])/.exec(String(request.headers.prefer ?? ''))?.[1];
  if (wanted === undefined) return 0;
  const seconds = Math.min(Number(wanted), LONGEST_WAIT);
  reply.header('preference-applied', `wait=${seconds}`);
  return seconds * 1_000;
}

function invalid(message: string, help: string): PlumblineError {
  return new PlumblineError('invalid_request', message, help);
}
