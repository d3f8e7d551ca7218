/** Changes to experiments, inside a transaction. */
import type { ExperimentWriting } from '../../assignments/experiment-store.ts';
import type { Database, Writing } from '../database.ts';
import { registryWriting } from '../registry-writing.ts';
import { experimentsQuery, toStoredExperiment } from './experiment-rows.ts';
import { openExperiments, saveExperiment } from './experiment-saving.ts';

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
    openOf: (model) => openExperiments(writing, model),
    save: (model, experiment) => saveExperiment(writing, model, experiment),
  };
}
