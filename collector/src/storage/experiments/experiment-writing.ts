/** Changes to experiments, inside a transaction. */
import type { ExperimentWriting, StoredExperiment } from '../../assignments/experiment-store.ts';
import type { LockedModel } from '../../registry/registry-store.ts';
import type { Database, Writing } from '../database.ts';
import { registryWriting } from '../registry-writing.ts';
import { experimentsQuery, toStoredExperiment } from './experiment-rows.ts';

/** What a change may do. The lock of the model is that of its experiments too. */
export function experimentWriting(writing: Writing, engine: Database['engine']['name']): ExperimentWriting {
  const { lockModel, version, lockedPolicy, audit } = registryWriting(writing, engine);
  return {
    ...{ lockModel, version, lockedPolicy, audit },
    experiment: async ({ id }, name) => {
      const row = await experimentsQuery(writing)
        .where('experiments.model_id', '=', id)
        .where('experiments.name', '=', name)
        .executeTakeFirst();
      return row && toStoredExperiment(row);
    },
    runningOf: async ({ id }) => {
      const row = await experimentsQuery(writing)
        .where('experiments.model_id', '=', id)
        .where('experiments.state', '=', 'running')
        .executeTakeFirst();
      return row && toStoredExperiment(row);
    },
    save: (model, experiment) => save(writing, model, experiment),
  };
}

async function save(writing: Writing, model: LockedModel, experiment: StoredExperiment): Promise<StoredExperiment> {
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
