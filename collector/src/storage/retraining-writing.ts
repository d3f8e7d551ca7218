/** Changes to runs of retraining, inside a transaction that holds the lock of their model. */
import type { RetrainingWriting, NewRun, StepChange } from '../retraining/retraining-store.ts';
import type { RunStep } from '../retraining/run.ts';
import type { LockedModel } from '../registry/registry-store.ts';
import type { Database, Writing } from './database.ts';
import { historyOf } from './retraining-history.ts';
import { toRun } from './retraining-rows.ts';

type Runs = Omit<RetrainingWriting, 'lockModel' | 'lockedPolicy' | 'production' | 'audit'>;

/** The part of a change that is about runs. */
export function retrainingWriting(writing: Writing, engine: Database['engine']['name']): Runs {
  return {
    lockedHistory: ({ id }, since) => historyOf(writing, id, since),
    runOfAlerts: (model, alerts) => runOfAlerts(writing, model, alerts),
    addRun: (model, run) => addRun(writing, model, run),
    lockedRun: async ({ id, name }, run) => {
      const row = await writing
        .selectFrom('retraining_runs')
        .selectAll()
        .where('model_id', '=', id)
        .where('run', '=', run)
        .$if(engine === 'postgres', (query) => query.forNoKeyUpdate())
        .executeTakeFirst();
      return row && { ...toRun(name, row), owner: row.owner, heartbeat: row.heartbeat };
    },
    endRun: async (run, change) => {
      const at = Date.parse(change.step.at);
      const row = await writing
        .selectFrom('retraining_runs')
        .select('steps')
        .where('run', '=', run)
        .executeTakeFirstOrThrow();
      await writing
        .updateTable('retraining_runs')
        .set({ ...stepColumns(row.steps, change), updated_at: at, ended_at: at, callback_hash: null })
        .where('run', '=', run)
        .execute();
    },
    requestCancel: async (run) => {
      await writing.updateTable('retraining_runs').set({ cancel_requested: 1 }).where('run', '=', run).execute();
    },
    mark: (model, name, value) => mark(writing, model, name, value),
    lockedMark: async (model, name) => (await markRow(writing, model, name))?.value,
  };
}

/** What a step changes in a row. @param steps JSON of those before */
export function stepColumns(steps: string, { step, version, log }: StepChange) {
  return {
    steps: JSON.stringify([...(JSON.parse(steps) as RunStep[]), step]),
    state: step.state,
    outcome: step.reason,
    ...(version !== undefined && { version }),
    ...(log !== undefined && { log }),
  };
}

async function runOfAlerts(
  writing: Writing,
  { id }: LockedModel,
  alerts: readonly string[],
): Promise<string | undefined> {
  if (alerts.length === 0) return undefined;
  const row = await writing
    .selectFrom('retraining_alerts')
    .select('run')
    .where('model_id', '=', id)
    .where('alert', 'in', alerts)
    .limit(1)
    .executeTakeFirst();
  return row?.run;
}

async function addRun(writing: Writing, { id }: LockedModel, run: NewRun): Promise<void> {
  const { at, alerts, evidence } = run;
  const first: RunStep = { state: 'queued', at: new Date(at).toISOString(), reason: null, evidence };
  await writing
    .insertInto('retraining_runs')
    .values({
      ...{ run: run.run, model_id: id, trigger: run.trigger, reason: run.reason },
      ...{ actor: JSON.stringify(run.actor), steps: JSON.stringify([first]), state: 'queued' },
      ...{ outcome: null, incumbent: run.incumbent, version: null, policy_revision: run.policyRevision, log: '' },
      ...{ owner: run.owner, heartbeat: at, cancel_requested: 0, callback_hash: null },
      ...{ started_at: at, updated_at: at, ended_at: null },
    })
    .execute();
  if (alerts.length > 0)
    await writing
      .insertInto('retraining_alerts')
      .values(alerts.map((alert) => ({ model_id: id, alert, run: run.run })))
      .onConflict((conflict) => conflict.columns(['model_id', 'alert']).doNothing())
      .execute();
}

async function mark(writing: Writing, model: LockedModel, name: string, value: string): Promise<boolean> {
  const before = await markRow(writing, model, name);
  if (before?.value === value) return false;
  await writing
    .insertInto('retraining_marks')
    .values({ model_id: model.id, name, value })
    .onConflict((conflict) => conflict.columns(['model_id', 'name']).doUpdateSet({ value }))
    .execute();
  return true;
}

function markRow(writing: Writing, { id }: LockedModel, name: string) {
  return writing
    .selectFrom('retraining_marks')
    .select('value')
    .where('model_id', '=', id)
    .where('name', '=', name)
    .executeTakeFirst();
}
