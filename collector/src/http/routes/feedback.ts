/** The queue of feedback, decisions on it, patterns, training examples. What users wrote is behind the scope operate. */
import { Readable } from 'node:stream';
import Type, { type TSchema } from 'typebox';
import type { Feedback } from '../../feedback/feedback.ts';
import { readCursor, writeCursor } from '../cursor.ts';
import { queryTime } from '../query-time.ts';
import { DEFAULT_PAGE, FAILURES, ModelPath, PageOf } from '../schemas/common.ts';
import { ExportBody, FeedbackListQuery, FeedbackPath, PatternsQuery, ReviewBody } from '../schemas/feedback.ts';
import { actOf, type TypedApp } from '../typed-app.ts';

const tags = ['feedback'];

/** Adds the queue. What users wrote is kept by no browser. */
export function addFeedbackQueue(app: TypedApp, feedback: Feedback): void {
  app.get(
    '/v1/models/:model/feedback',
    {
      config: { access: 'operate' },
      schema: {
        ...{ summary: 'Feedback, with what users wrote', tags, params: ModelPath, querystring: FeedbackListQuery },
        response: { 200: PageOf(Type.Ref('FeedbackItem')), ...FAILURES },
      },
    },
    async ({ params: { model }, query: { status, order = 'newest', cursor, limit = DEFAULT_PAGE } }) => {
      const list = `feedback ${model} ${status ?? ''} ${order}`;
      const after = readCursor(list, cursor);
      const asked = { order, limit, ...(status !== undefined && { status }), ...(after !== undefined && { after }) };
      const { items, next } = await feedback.list(model, asked);
      return { items, next: writeCursor(list, next) };
    },
  );
}

/** Adds the route of the patterns. */
export function addPatternRoute(app: TypedApp, feedback: Feedback): void {
  app.get(
    '/v1/models/:model/feedback/patterns',
    {
      config: { access: 'read' },
      schema: {
        ...{ summary: 'What errors have in common', tags, params: ModelPath, querystring: PatternsQuery },
        response: { 200: Type.Ref('FeedbackPatterns'), ...FAILURES },
      },
    },
    async ({ params: { model }, query: { version, from, to } }) =>
      feedback.patterns({ model, ...(version !== undefined && { version }), ...spanOf('query', from, to) }),
  );
}

/** Adds the routes that change; they take an `Idempotency-Key`. */
export function addFeedbackChanges(app: TypedApp, feedback: Feedback): void {
  app.post(
    '/v1/models/:model/feedback/:id/review',
    {
      config: { access: 'operate' },
      schema: {
        ...{ summary: 'Accept or reject an item; what is accepted becomes the label', tags, params: FeedbackPath },
        body: ReviewBody,
        response: { 200: Type.Ref('FeedbackItem'), ...FAILURES },
      },
    },
    async (request) => feedback.review(request.params.model, request.params.id, request.body, actOf(request)),
  );
  app.post(
    '/v1/models/:model/feedback/export',
    {
      config: { access: 'operate' },
      schema: {
        ...{ summary: 'Training examples, streamed', tags, params: ModelPath, body: ExportBody },
        produces: ['application/x-ndjson', 'text/csv'],
        response: { 200: STREAMED, 409: Type.Ref('ExportRefused'), ...FAILURES },
      },
    },
    async (request, reply) => {
      const { format = 'jsonl', source = 'feedback', from, to, ...others } = request.body;
      const { model } = request.params;
      const asked = { ...others, model, format, source, ...spanOf('body', from, to) };
      const { contentType, fileName, text } = await feedback.exportExamples(asked, actOf(request));
      reply.header('content-disposition', `attachment; filename="${fileName}"`);
      return reply.type(contentType).send(Readable.from(text, { objectMode: false }));
    },
  );
}

const STREAMED = {
  content: {
    'application/x-ndjson': { schema: Type.String() },
    'text/csv': { schema: Type.String() },
  },
} as unknown as TSchema;

function spanOf(part: 'query' | 'body', from: string | undefined, to: string | undefined) {
  return {
    ...(from !== undefined && { from: queryTime('from', from, part) }),
    ...(to !== undefined && { to: queryTime('to', to, part) }),
  };
}
