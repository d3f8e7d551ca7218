/** Offline evaluations in the database. */
import type { Selectable } from 'kysely';
import { storableText, type Actor } from '../audit/audit-event.ts';
import type { PageQuery } from '../registry/registry-store.ts';
import type { EvaluationStore } from '../retraining/evaluation/evaluation-store.ts';
import type { EvaluationRecord, EvaluationStatus, FailedVersion } from '../retraining/evaluation/evaluations.ts';
import type { Evaluation } from '../retraining/evaluation/evaluation.ts';
import type { Database, Queryable, Writing } from './database.ts';
import type { Schema } from './schema.ts';
import { reading, transact } from './transact.ts';

type Row = Selectable<Schema['evaluations']> & { readonly model: string };

/** Makes the store. */
export function createEvaluationStore({ db, engine }: Database): EvaluationStore {
  const update = (id: string) => db.updateTable('evaluations').where('id', '=', id);
  return {
    begin: (record, aliveUntil, now) =>
      transact(db, (writing) => begin(writing, record, { aliveUntil, now, lock: engine.name === 'postgres' })),
    renew: async (id, aliveUntil) => {
      await reading(update(id).set({ alive_until: aliveUntil }).execute());
      const query = db.selectFrom('evaluations').select(['status', 'end_asked']).where('id', '=', id);
      const row = await reading(query.executeTakeFirst());
      return row === undefined || row.status !== 'running' || row.end_asked === 1;
    },
    finish: async (id, { status, reason, result, failed }, now) => {
      const json = {
        result: result && storableText(JSON.stringify(result)),
        failed: storableText(JSON.stringify(failed)),
      };
      const safe = reason === null ? null : storableText(reason);
      await reading(
        update(id)
          .set({ status, reason: safe, ...json, finished_at: now })
          .execute(),
      );
    },
    get: async (model, id, now) => {
      const row = await reading(ofModel(db, model).where('evaluations.id', '=', id).executeTakeFirst());
      return row && toRecord(row, now);
    },
    list: (model, page, now) => reading(list(db, model, page, now)),
    askToEnd: async (id) => void (await reading(update(id).set({ end_asked: 1 }).execute())),
    running: async (now) => new Set((await reading(running(db, now).execute())).map(({ id }) => id)),
    forget: async (before) => {
      await reading(db.deleteFrom('evaluations').where('created_at', '<', before).execute());
    },
  };
}

/** Whoever begins one holds the model until it is written down. */
async function begin(
  writing: Writing,
  record: EvaluationRecord,
  { aliveUntil, now, lock }: { readonly aliveUntil: number; readonly now: number; readonly lock: boolean },
): Promise<string | undefined> {
  const model = await writing
    .selectFrom('models')
    .select('id')
    .where('name', '=', record.model)
    .$if(lock, (query) => query.forUpdate())
    .executeTakeFirstOrThrow();
  const other = await running(writing, now).where('model_id', '=', model.id).limit(1).executeTakeFirst();
  if (other) return undefined;
  await writing
    .insertInto('evaluations')
    .values(toRow(record, model.id, aliveUntil))
    .execute();
  return record.id;
}

async function list(db: Queryable, model: string, { after, limit }: PageQuery, now: number) {
  const { createdAt, id } = placeOf(after ?? '');
  const rows = await ofModel(db, model)
    .$if(after !== undefined, (query) =>
      query.where((where) =>
        where.or([
          where('evaluations.created_at', '<', createdAt),
          where.and([where('evaluations.created_at', '=', createdAt), where('evaluations.id', '<', id)]),
        ]),
      ),
    )
    .orderBy('evaluations.created_at', 'desc')
    .orderBy('evaluations.id', 'desc')
    .limit(limit + 1)
    .execute();
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return { items: shown.map((row) => toRecord(row, now)), next: last ? `${last.created_at} ${last.id}` : null };
}

function running(db: Queryable, now: number) {
  const query = db.selectFrom('evaluations').select('id').where('status', '=', 'running');
  return query.where('alive_until', '>', now);
}

function ofModel(db: Queryable, model: string) {
  return db
    .selectFrom('evaluations')
    .innerJoin('models', 'models.id', 'evaluations.model_id')
    .selectAll('evaluations')
    .select('models.name as model')
    .where('models.name', '=', model);
}

function placeOf(after: string): { readonly createdAt: number; readonly id: string } {
  const [time = '', id = ''] = after.split(' ');
  return { createdAt: Number(time), id };
}

function toRow(record: EvaluationRecord, modelId: number, aliveUntil: number): Schema['evaluations'] {
  const { id, status, reason, versions, actor, createdAt, failed } = record;
  return {
    ...{ id, model_id: modelId, status, reason, versions: JSON.stringify(versions), actor: JSON.stringify(actor) },
    ...{ created_at: Date.parse(createdAt), finished_at: null, alive_until: aliveUntil, end_asked: 0 },
    ...{ result: null, failed: JSON.stringify(failed) },
  };
}

function toRecord(row: Row, now: number): EvaluationRecord {
  const isGone = row.status === 'running' && row.alive_until <= now;
  const time = (milliseconds: number) => new Date(milliseconds).toISOString();
  return {
    ...{ id: row.id, model: row.model, versions: JSON.parse(row.versions) as string[] },
    status: isGone ? 'interrupted' : (row.status as EvaluationStatus),
    reason: isGone ? 'The service that ran it is gone; ask for it again.' : row.reason,
    createdAt: time(row.created_at),
    finishedAt: row.finished_at === null ? null : time(row.finished_at),
    actor: JSON.parse(row.actor) as Actor,
    result: row.result === null ? null : (JSON.parse(row.result) as Evaluation),
    failed: JSON.parse(row.failed) as FailedVersion[],
  };
}
