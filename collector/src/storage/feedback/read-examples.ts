/** Predictions with what is known to be true of them, a page at a time. */
import { sql } from 'kysely';
import type { PatternQuery } from '../../feedback/feedback.ts';
import type { ExampleRow, JudgedPrediction, StretchQuery } from '../../feedback/feedback-store.ts';
import type { Queryable } from '../database.ts';
import { modelId } from './find-feedback.ts';

/** What was accepted last for a prediction `p`. */
const ACCEPTED = sql`(
  select f.label from feedback f where f.prediction_seq = p.seq and f.status = 'accepted'
  order by f.reviewed_at desc, f.seq desc limit 1)`;

/**
 * The next predictions of a version. Every one counts for the limit, whether it is an example or not: so no page takes long. A shadow is
 * none: its label is that of the prediction it shadows, and so are its features.
 */
export async function predictionsOf(
  db: Queryable,
  versionId: number,
  { after, limit }: StretchQuery,
): Promise<ExampleRow[]> {
  const { rows } = await sql<ExampleRow>`
    select q.arrived, q.seq, q.id, q.time, v.name as version, q.prediction, q.label, q.accepted,
      case when q.label is null and q.accepted is null then null else q.features end as features
    from (
      select p.arrived, p.seq, p.id, p.time, p.version_id, p.prediction, p.features,
        case when p.shadow_of is null then l.label end as label,
        case when p.shadow_of is null then ${ACCEPTED} end as accepted
      from predictions p left join labels l on l.seq = p.seq
      where p.version_id = ${versionId} and (p.arrived, p.seq) > (${after.arrived}, ${after.seq})
      order by p.arrived, p.seq limit ${limit}
    ) as q join versions v on v.id = q.version_id
    order by q.arrived, q.seq`.execute(db);
  return rows;
}

/** The next predictions of a model with accepted feedback, each once; `id` is null for one that retention has removed. */
export async function acceptedOf(db: Queryable, model: string, { after, limit }: StretchQuery): Promise<ExampleRow[]> {
  const { rows } = await sql<ExampleRow>`
    select q.arrived, q.seq, p.id, coalesce(p.time, 0) as time, coalesce(v.name, '') as version,
      coalesce(p.prediction, '') as prediction, p.features, null as label, ${ACCEPTED} as accepted
    from (
      select prediction_arrived as arrived, prediction_seq as seq from feedback
      where model_id = ${modelId(model)} and prediction_seq is not null
        and (prediction_arrived, prediction_seq) > (${after.arrived}, ${after.seq})
      group by prediction_arrived, prediction_seq order by prediction_arrived, prediction_seq limit ${limit}
    ) as q left join predictions p on p.seq = q.seq left join versions v on v.id = p.version_id
    order by q.arrived, q.seq`.execute(db);
  return rows;
}

/** Predictions with accepted feedback. @param since only what was accepted from then on, epoch ms */
export async function acceptedCount(db: Queryable, model: string, since: number | undefined): Promise<number> {
  const found = await db
    .selectFrom('feedback')
    .select(sql<number | string>`count(distinct prediction_seq)`.as('accepted'))
    .where('model_id', '=', modelId(model))
    .where('prediction_seq', 'is not', null)
    .$if(since !== undefined, (query) => query.where('reviewed_at', '>=', since as number))
    .executeTakeFirstOrThrow();
  return Number(found.accepted);
}

/** An item with its place in the queue. */
type JudgedItem = JudgedPrediction & { readonly item: number };

/** The next items with their predictions, newest first. */
export async function judgedPredictions(
  db: Queryable,
  { model, version, from, to }: PatternQuery,
  before: number | undefined,
  limit: number,
): Promise<JudgedItem[]> {
  const rows = await db
    .selectFrom('feedback as f')
    .innerJoin('predictions as p', 'p.id_key', 'f.id_key')
    .innerJoin('versions as v', 'v.id', 'p.version_id')
    .select(['f.seq as item', 'f.status', 'f.correct', 'f.explanation', 'f.label', 'f.corrected_label'])
    .select(['p.seq', 'p.prediction', 'p.segment', 'p.features'])
    .where('f.model_id', '=', modelId(model))
    .where('f.status', '!=', 'rejected')
    .$if(version !== undefined, (query) => query.where('v.name', '=', version as string))
    .$if(from !== undefined, (query) => query.where('p.time', '>=', from as number))
    .$if(to !== undefined, (query) => query.where('p.time', '<', to as number))
    .$if(before !== undefined, (query) => query.where('f.seq', '<', before as number))
    .orderBy('f.seq', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ status, correct, label, corrected_label, ...row }) => ({
    ...row,
    accepted: status === 'accepted',
    correct: correct === 1,
    correctedLabel: label ?? corrected_label,
  }));
}
