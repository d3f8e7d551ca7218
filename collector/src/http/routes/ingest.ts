/** `POST /v1/predictions`, `POST /v1/labels` and `POST /v1/feedback`: batches, acknowledged after commit. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import Type, { type TSchema } from 'typebox';
import { PlumblineError } from '../../errors.ts';
import type { Feedback } from '../../feedback/feedback.ts';
import type { Ingest, IngestResult, RejectedRow } from '../../labels/ingest.ts';
import { rowsOf as rowsFromColumns } from '../../remote/columns/column-reader.ts';
import { MAX_ROWS, NDJSON, Rows, tooManyRows } from '../parse-body.ts';
import { FAILURES } from '../schemas/common.ts';
import { AnyForm } from '../schemas/ingest.ts';
import type { TypedApp } from '../typed-app.ts';

type Take = (rows: readonly unknown[]) => Promise<IngestResult>;

/** Adds the routes. */
export function addIngestRoutes(app: TypedApp, ingest: Ingest, feedback: Pick<Feedback, 'take'>): void {
  const add = (url: string, row: string, summary: string, take: Take) =>
    app.post(
      url,
      {
        config: { access: 'ingest' },
        // The schema documents; rows are judged one by one, and a bad one does not lose the others.
        validatorCompiler: () => (value: unknown) => ({ value }),
        schema: {
          summary,
          tags: ['ingest'],
          description: 'With `Prefer: return=minimal` the answer names no ids.',
          consumes: ['application/json', NDJSON],
          body: AnyForm(row) as TSchema,
          response: { 200: Type.Ref('IngestResult'), 400: Type.Ref('IngestRefused'), ...FAILURES },
        },
      },
      async (request, reply) => answer(request, reply, take),
    );
  add('/v1/predictions', 'Prediction', 'Take predictions', (rows) => ingest.predictions(rows));
  add('/v1/labels', 'Label', 'Take labels', (rows) => ingest.labels(rows));
  add('/v1/feedback', 'Feedback', 'Take feedback', (rows) => feedback.take(rows));
}

async function answer(request: FastifyRequest, reply: FastifyReply, take: Take): Promise<FastifyReply> {
  const { rows, unreadable } = rowsOf(request.body);
  const { accepted, ids, rejected } = await take(rows);
  const minimal = String(request.headers.prefer).includes('return=minimal');
  if (minimal) reply.header('preference-applied', 'return=minimal');
  const result = { accepted, ...(!minimal && { ids }), rejected: rejected.map((row) => explained(row, unreadable)) };
  if (accepted > 0 || rejected.length === 0) return reply.send(result);
  const message = `None of the ${rows.length} rows was taken; the first: ${result.rejected[0]?.message ?? ''}`;
  throw new PlumblineError('invalid_request', message, 'Correct the rows named in "rejected".', { details: result });
}

function explained(row: RejectedRow, unreadable: ReadonlyMap<number, string>): RejectedRow {
  const message = unreadable.get(row.index);
  return message === undefined ? row : { index: row.index, code: 'invalid_json', message };
}

const NONE: ReadonlyMap<number, string> = new Map();

function rowsOf(body: unknown): {
  readonly rows: readonly unknown[];
  readonly unreadable: ReadonlyMap<number, string>;
} {
  if (body instanceof Rows) return body;
  if (Array.isArray(body)) {
    if (body.length > MAX_ROWS) throw tooManyRows();
    return { rows: body, unreadable: NONE };
  }
  if (typeof body === 'object' && body !== null)
    return { rows: 'columns' in body ? rowsOfColumns(body) : [body], unreadable: NONE };
  const message = 'body: must be a row, a list of rows, rows as columns, or NDJSON.';
  throw new PlumblineError('invalid_request', message, 'See /docs for the fields of a row.');
}

/** Every name once instead of once per row: what is beside `columns` is the same of all rows. */
function rowsOfColumns({
  columns,
  nulls,
  ...common
}: {
  readonly columns: unknown;
  readonly nulls?: unknown;
}): unknown[] {
  return rowsFromColumns({ columns, nulls }, common, MAX_ROWS);
}
