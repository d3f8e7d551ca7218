/** Runs of retraining in the database: the port of the room. */
import { sql } from 'kysely';
import { ENDED, type TriggerName, type RunState } from '../retraining/run.ts';
import type { LiveRun, Pulse, RetrainingStore, StepChange } from '../retraining/retraining-store.ts';
import type { RunHistory } from '../retraining/judge-start.ts';
import type { Database, Queryable, Writing } from './database.ts';
import { lifecycleReading } from './lifecycle-reading.ts';
import { keyOf, pageOf } from './registry-rows.ts';
import { createRegistryStore } from './registry-store.ts';
import { registryWriting } from './registry-writing.ts';
import { historyOf } from './retraining-history.ts';
import { RUN_LIST_COLUMNS, toRun, toSummary } from './retraining-rows.ts';
import { retrainingWriting, stepColumns } from './retraining-writing.ts';
import { reading, transact } from './transact.ts';

/** Makes the store. */
export function createRetrainingStore(database: Database): RetrainingStore {
  const { db, engine } = database;
  const { policy, policies } = lifecycleReading(db);
  return {
    ...{ policy, policies, model: createRegistryStore(database).model },
    runs: async (model, page) => {
      const after = keyOf(page);
      const rows = await reading(
        runsOf(db, model)
          .select(RUN_LIST_COLUMNS)
          .$if(after !== undefined, (query) => query.where('retraining_runs.seq', '<', after as number))
          .orderBy('retraining_runs.seq', 'desc')
          .limit(page.limit + 1)
          .execute(),
      );
      return pageOf(
        rows,
        page.limit,
        (row) => toSummary(model, row),
        ({ seq }) => String(seq),
      );
    },
    run: async (model, run) => {
      const row = await reading(
        runsOf(db, model).selectAll('retraining_runs').where('run', '=', run).executeTakeFirst(),
      );
      return row && toRun(model, row);
    },
    history: (model, since) => reading(history(db, model, since)),
    live: () => reading(live(db)),
    lastStarts: () => reading(lastStarts(db)),
    markOf: async (model, name) => (await reading(mark(db, model, name)))?.value,
    callbackHash: async (model, run) => (await reading(callbackHash(db, model, run)))?.callback_hash ?? undefined,
    transaction: (work) =>
      transact(db, (writing) =>
        work({ ...registryWriting(writing, engine.name), ...retrainingWriting(writing, engine.name) }),
      ),
    step: (run, owner, change, at) => transact(db, (writing) => step(writing, { run, owner, at }, change)),
    beat: (run, owner, at, log) =>
      reading(pulse(db, { run, owner }, { heartbeat: at, ...(log !== undefined && { log, updated_at: at }) })),
    setCallbackHash: async (run, hash) => {
      await reading(db.updateTable('retraining_runs').set({ callback_hash: hash }).where('run', '=', run).execute());
    },
  };
}

function runsOf(db: Queryable, model: string) {
  return db
    .selectFrom('retraining_runs')
    .innerJoin('models', 'models.id', 'retraining_runs.model_id')
    .where('models.name', '=', model);
}

async function history(db: Queryable, model: string, since: number): Promise<RunHistory> {
  const row = await db.selectFrom('models').select('id').where('name', '=', model).executeTakeFirst();
  return row ? historyOf(db, row.id, since) : { running: null, lastStart: null, starts: [] };
}

async function live(db: Queryable): Promise<LiveRun[]> {
  const rows = await db
    .selectFrom('retraining_runs')
    .innerJoin('models', 'models.id', 'retraining_runs.model_id')
    .select(['run', 'models.name as model', 'trigger', 'state', 'owner', 'heartbeat', 'started_at', 'version'])
    .where('ended_at', 'is', null)
    .orderBy('retraining_runs.seq')
    .execute();
  return rows.map(({ started_at, ...row }) => ({
    ...row,
    trigger: row.trigger as TriggerName,
    state: row.state as RunState,
    startedAt: started_at,
  }));
}

async function lastStarts(db: Queryable) {
  return db
    .selectFrom('retraining_runs')
    .innerJoin('models', 'models.id', 'retraining_runs.model_id')
    .select(['models.name as model', sql<number>`max(started_at)`.as('at')])
    .where('state', 'not in', ['cancelled', 'interrupted'])
    .groupBy('models.name')
    .execute();
}

function mark(db: Queryable, model: string, name: string) {
  return db
    .selectFrom('retraining_marks')
    .innerJoin('models', 'models.id', 'retraining_marks.model_id')
    .select('value')
    .where('models.name', '=', model)
    .where('retraining_marks.name', '=', name)
    .executeTakeFirst();
}

function callbackHash(db: Queryable, model: string, run: string) {
  return runsOf(db, model)
    .select('callback_hash')
    .where('run', '=', run)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
}

interface Owned {
  readonly run: string;
  readonly owner: string;
}

/** Only the owner writes on, and only while nobody has ended the run. */
async function step(
  writing: Writing,
  { run, owner, at }: Owned & { readonly at: number },
  change: StepChange,
): Promise<Pulse> {
  const row = await writing.selectFrom('retraining_runs').select('steps').where('run', '=', run).executeTakeFirst();
  if (!row) return { alive: false };
  const isEnd = (ENDED as readonly string[]).includes(change.step.state);
  return pulse(
    writing,
    { run, owner },
    { ...stepColumns(row.steps, change), heartbeat: at, updated_at: at, ...(isEnd && { ended_at: at }) },
  );
}

async function pulse(
  db: Queryable,
  { run, owner }: Owned,
  change: Readonly<Record<string, string | number | null>>,
): Promise<Pulse> {
  const row = await db
    .updateTable('retraining_runs')
    .set(change)
    .where('run', '=', run)
    .where('owner', '=', owner)
    .where('ended_at', 'is', null)
    .returning('cancel_requested')
    .executeTakeFirst();
  return row ? { alive: true, cancelled: row.cancel_requested === 1 } : { alive: false };
}
