/** Writes experiments and their epochs, under the lock of their model. */
import type { StoredExperiment } from '../../assignments/experiment-store.ts';
import type { LockedModel } from '../../registry/registry-store.ts';
import type { Writing } from '../database.ts';
import { experimentsQuery, toStoredExperiment } from './experiment-rows.ts';

/** Those that run or are paused. */
export async function openExperiments(writing: Writing, { id }: LockedModel): Promise<StoredExperiment[]> {
  const rows = await experimentsQuery(writing)
    .where('experiments.model_id', '=', id)
    .where('experiments.state', 'in', ['running', 'paused'])
    .orderBy('experiments.id')
    .execute();
  return rows.map(toStoredExperiment);
}

/** Writes one, and its last epoch; the one before ends when it begins. */
export async function saveExperiment(
  writing: Writing,
  model: LockedModel,
  experiment: StoredExperiment,
): Promise<StoredExperiment> {
  const id = experiment.id === 0 ? await insert(writing, model, experiment) : experiment.id;
  if (experiment.id !== 0)
    await writing.updateTable('experiments').set(columnsOf(experiment)).where('id', '=', id).execute();
  await saveEpoch(writing, id, experiment.epoch);
  return { ...experiment, id };
}

async function insert(writing: Writing, model: LockedModel, experiment: StoredExperiment): Promise<number> {
  const { name, salt, createdAt } = experiment;
  const { id } = await writing
    .insertInto('experiments')
    .values({ model_id: model.id, name, salt, created_at: createdAt, ...columnsOf(experiment) })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

function columnsOf({ state, revision, rules, course, startedAt, endedAt }: StoredExperiment) {
  const texts = { rules: JSON.stringify(rules), course: JSON.stringify(course) };
  return { state, revision, ...texts, started_at: startedAt, ended_at: endedAt };
}

async function saveEpoch(writing: Writing, id: number, epoch: StoredExperiment['epoch']): Promise<void> {
  if (!epoch) return;
  const { number, since, until, cause } = epoch;
  const texts = { weights: JSON.stringify(epoch.weights), ranges: JSON.stringify(epoch.ranges) };
  await writing
    .updateTable('experiment_epochs')
    .set({ until: since })
    .where('experiment_id', '=', id)
    .where('number', '<', number)
    .where('until', 'is', null)
    .execute();
  await writing
    .insertInto('experiment_epochs')
    .values({ experiment_id: id, number, since, until, cause, ...texts })
    .onConflict((conflict) => conflict.columns(['experiment_id', 'number']).doUpdateSet({ until }))
    .execute();
}
