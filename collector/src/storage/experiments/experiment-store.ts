/** Experiments in the database: the port of the assignments. */
import type { ExperimentStore, StoredEpoch, StoredExperiment } from '../../assignments/experiment-store.ts';
import type { Page } from '../../registry/model-version.ts';
import type { PageQuery } from '../../registry/registry-store.ts';
import type { Database, Queryable } from '../database.ts';
import { keyOf, pageOf } from '../registry-rows.ts';
import { createRegistryStore } from '../registry-store.ts';
import { reading, transact } from '../transact.ts';
import { experimentsQuery, toStoredEpoch, toStoredExperiment } from './experiment-rows.ts';
import { experimentWriting } from './experiment-writing.ts';

/** Makes the store. */
export function createExperimentStore(database: Database): ExperimentStore {
  const { db, engine } = database;
  return {
    model: createRegistryStore(database).model,
    experiments: (model, page) => reading(experiments(db, model, page)),
    experiment: (model, name) => reading(experiment(db, model, name)),
    running: (models) => reading(running(db, models)),
    open: () => reading(open(db)),
    inProduction: (models) => reading(inProduction(db, models)),
    epochs: ({ id }) => reading(epochs(db, id)),
    experimentTransaction: (work) => transact(db, (writing) => work(experimentWriting(writing, engine.name))),
  };
}

async function experiments(db: Queryable, model: string, page: PageQuery): Promise<Page<StoredExperiment>> {
  const after = keyOf(page);
  const rows = await experimentsQuery(db)
    .where('models.name', '=', model)
    .$if(after !== undefined, (query) => query.where('experiments.id', '<', after as number))
    .orderBy('experiments.id', 'desc')
    .limit(page.limit + 1)
    .execute();
  return pageOf(rows, page.limit, toStoredExperiment, ({ id }) => String(id));
}

async function experiment(db: Queryable, model: string, name: string): Promise<StoredExperiment | undefined> {
  const row = await experimentsQuery(db)
    .where('models.name', '=', model)
    .where('experiments.name', '=', name)
    .executeTakeFirst();
  return row && toStoredExperiment(row);
}

async function running(db: Queryable, models: readonly string[] | undefined): Promise<StoredExperiment[]> {
  if (models?.length === 0) return [];
  const rows = await experimentsQuery(db)
    .where('experiments.state', '=', 'running')
    .$if(models !== undefined, (query) => query.where('models.name', 'in', models as string[]))
    .orderBy('models.name')
    .execute();
  return rows.map(toStoredExperiment);
}

async function open(db: Queryable): Promise<StoredExperiment[]> {
  const rows = await experimentsQuery(db).where('experiments.state', 'in', ['running', 'paused']).execute();
  return rows.map(toStoredExperiment);
}

async function inProduction(db: Queryable, models: readonly string[] | undefined) {
  if (models?.length === 0) return [];
  return db
    .selectFrom('models')
    .leftJoin('versions', (join) =>
      join.onRef('versions.model_id', '=', 'models.id').on('versions.stage', '=', 'production'),
    )
    .select(['models.name as model', 'versions.name as production'])
    .$if(models !== undefined, (query) => query.where('models.name', 'in', models as string[]))
    .orderBy('models.name')
    .execute();
}

async function epochs(db: Queryable, id: number): Promise<StoredEpoch[]> {
  const rows = await db
    .selectFrom('experiment_epochs')
    .selectAll()
    .where('experiment_id', '=', id)
    .orderBy('number')
    .execute();
  return rows.map(toStoredEpoch);
}
