/** Finds items of feedback, and the predictions they speak of. */
import { sql } from 'kysely';
import type { Actor } from '../../audit/audit-event.ts';
import type { CheckedFeedback } from '../../feedback/check-feedback.ts';
import type { SaidFeedback } from '../../feedback/decide-feedback.ts';
import type { FeedbackQuery, FeedbackStatus } from '../../feedback/feedback.ts';
import type { StoredFeedback } from '../../feedback/feedback-store.ts';
import type { Annotator, AnnotatorKind } from '../../prediction.ts';
import type { Page } from '../../registry/model-version.ts';
import type { Queryable } from '../database.ts';
import { keyOf, pageOf } from '../registry-rows.ts';

/** A prediction as far as new feedback needs it. */
export interface FoundPrediction {
  readonly versionId: number;
  readonly prediction: string;
}

/** An item as far as another row of its name needs it. */
export interface FoundItem extends SaidFeedback {
  readonly versionId: number;
}

/** Keys of one statement. */
const KEYS = 1_000;

/** Predictions of a batch, by their key in hexadecimal. */
export async function foundPredictions(
  db: Queryable,
  rows: readonly CheckedFeedback[],
): Promise<Map<string, FoundPrediction>> {
  const found = new Map<string, FoundPrediction>();
  for (const keys of parts(rows.map(({ predictionKey }) => predictionKey))) {
    const read = await db
      .selectFrom('predictions')
      .select(['id_key', 'version_id', 'prediction'])
      .where('id_key', 'in', keys)
      .execute();
    for (const { id_key, version_id: versionId, prediction } of read)
      found.set(Buffer.from(id_key).toString('hex'), { versionId, prediction });
  }
  return found;
}

/** Items of a batch that are there already, by their key. */
export async function foundItems(db: Queryable, rows: readonly CheckedFeedback[]): Promise<Map<string, FoundItem>> {
  const found = new Map<string, FoundItem>();
  for (const keys of parts(rows.map(({ id }) => id))) {
    const read = await db
      .selectFrom('feedback')
      .select(['key', 'version_id', 'correct', 'digest', 'time'])
      .where('key', 'in', keys)
      .execute();
    for (const { key, version_id: versionId, correct, digest, time } of read)
      found.set(key, { versionId, correct: correct === 1, digest, time });
  }
  return found;
}

/** A page of a model's items. */
export async function listFeedback(db: Queryable, model: string, query: FeedbackQuery): Promise<Page<StoredFeedback>> {
  const { status, order, after, limit } = query;
  const seq = keyOf({ limit, ...(after !== undefined && { after }) });
  const rows = await items(db, model)
    .$if(status !== undefined, (found) => found.where('f.status', '=', status as string))
    .$if(seq !== undefined, (found) => found.where('f.seq', order === 'newest' ? '<' : '>', seq as number))
    .orderBy('f.seq', order === 'newest' ? 'desc' : 'asc')
    .limit(limit + 1)
    .execute();
  return pageOf(rows, limit, storedOf, ({ seq: last }) => String(last));
}

/** One item of a model. */
export async function findFeedback(db: Queryable, model: string, id: string): Promise<StoredFeedback | undefined> {
  const row = await items(db, model).where('f.key', '=', id).executeTakeFirst();
  return row && storedOf(row);
}

/** Number of a model, for a condition. */
export function modelId(model: string) {
  return sql<number>`(select id from models where name = ${model})`;
}

function items(db: Queryable, model: string) {
  return db
    .selectFrom('feedback as f')
    .leftJoin('predictions as p', 'p.id_key', 'f.id_key')
    .leftJoin('versions as v', 'v.id', 'p.version_id')
    .selectAll('f')
    .select(['v.name as version', 'p.prediction', 'p.seq as place_seq', 'p.arrived as place_arrived'])
    .where('f.model_id', '=', modelId(model));
}

type ItemRow = Awaited<ReturnType<ReturnType<typeof items>['execute']>>[number];

function storedOf(row: ItemRow): StoredFeedback {
  const { key, prediction_id, version, prediction, place_arrived, place_seq, reviewer, annotator_kind } = row;
  const { input, explanation, score, identifier, time, arrived, label, reason, revision } = row;
  return {
    ...{ id: key, predictionId: prediction_id, version, prediction },
    place: place_arrived === null || place_seq === null ? null : { arrived: place_arrived, seq: place_seq },
    ...{ correct: row.correct === 1, correctedLabel: row.corrected_label, input, explanation },
    annotator: annotator_kind === null ? null : annotatorOf(annotator_kind as AnnotatorKind, row.annotator_name),
    ...{ score, identifier, time, arrived, status: row.status as FeedbackStatus, label },
    ...{ reviewedAt: row.reviewed_at, reviewer: reviewer === null ? null : (JSON.parse(reviewer) as Actor) },
    ...{ reason, revision },
  };
}

function annotatorOf(kind: AnnotatorKind, name: string | null): Annotator {
  return { kind, ...(name !== null && { name }) };
}

function* parts<Key>(keys: readonly Key[]): Generator<Key[]> {
  for (let from = 0; from < keys.length; from += KEYS) yield keys.slice(from, from + KEYS);
}
