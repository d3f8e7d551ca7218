/** Rows of experiments and what they mean. */
import type { Selectable } from 'kysely';
import type { EpochCause, ExperimentRules, ExperimentState } from '../../assignments/experiment.ts';
import type { Course, StoredEpoch, StoredExperiment } from '../../assignments/experiment-store.ts';
import type { Queryable } from '../database.ts';
import type { Schema } from '../schema.ts';

/** An experiment with the name of its model and its last epoch. */
export type ExperimentRow = Selectable<Schema['experiments']> & {
  readonly model: string;
  readonly number: number | null;
  readonly since: number | null;
  readonly until: number | null;
  readonly cause: string | null;
  readonly weights: string | null;
  readonly ranges: string | null;
};

/** Experiments with the names of their models and their last epochs. */
export function experimentsQuery(db: Queryable) {
  return db
    .selectFrom('experiments')
    .innerJoin('models', 'models.id', 'experiments.model_id')
    .leftJoin('experiment_epochs', (join) =>
      join.onRef('experiment_epochs.experiment_id', '=', 'experiments.id').on((on) =>
        on(
          'experiment_epochs.number',
          '=',
          on
            .selectFrom('experiment_epochs as later')
            .select((later) => later.fn.max('later.number').as('last'))
            .whereRef('later.experiment_id', '=', 'experiments.id'),
        ),
      ),
    )
    .selectAll('experiments')
    .select('models.name as model')
    .select(['number', 'since', 'until', 'cause', 'weights', 'ranges']);
}

/** A row as an experiment. */
export function toStoredExperiment(row: ExperimentRow): StoredExperiment {
  const { number, since, until, cause, weights, ranges } = row;
  return {
    ...{ id: row.id, model: row.model, name: row.name, salt: row.salt, revision: row.revision },
    state: row.state as ExperimentState,
    rules: JSON.parse(row.rules) as ExperimentRules,
    course: JSON.parse(row.course) as Course,
    ...{ createdAt: row.created_at, startedAt: row.started_at, endedAt: row.ended_at },
    epoch:
      number === null
        ? null
        : toStoredEpoch({
            number,
            since: since ?? 0,
            until,
            cause: cause ?? '',
            weights: weights ?? '',
            ranges: ranges ?? '',
          }),
  };
}

/** A row as an epoch. */
export function toStoredEpoch(row: Omit<Selectable<Schema['experiment_epochs']>, 'experiment_id'>): StoredEpoch {
  return {
    ...{ number: row.number, since: row.since, until: row.until, cause: row.cause as EpochCause },
    weights: JSON.parse(row.weights) as StoredEpoch['weights'],
    ranges: JSON.parse(row.ranges) as StoredEpoch['ranges'],
  };
}
