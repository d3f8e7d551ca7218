/** Rows of units and what they mean. */
import { sql } from 'kysely';
import type { UnitOutcome } from '../../assignments/close-unit.ts';
import type { StoredExperiment } from '../../assignments/experiment-store.ts';
import type { Exposure } from '../../assignments/exposures.ts';
import type { PlacedUnit } from '../../assignments/unit-store.ts';
import type { Place } from '../../labels/place.ts';
import type { Queryable } from '../database.ts';

/** A row with the name of its version. */
export interface UnitRow extends Place {
  readonly unit: Uint8Array | null;
  readonly version: string;
  readonly epoch: number;
  readonly predictions: string | null;
  readonly outcome: string | null;
}

/** Columns of it; `u` is the unit, `v` its version. */
export const UNIT_ROW = sql.raw('u.arrived, u.seq, u.unit, v.name as version, u.epoch, u.predictions, u.outcome');

/** Versions that answer in an experiment, by name. */
export async function armIds(db: Queryable, { id, rules }: StoredExperiment): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('experiments')
    .innerJoin('versions', 'versions.model_id', 'experiments.model_id')
    .select(['versions.id', 'versions.name'])
    .where('experiments.id', '=', id)
    .where(
      'versions.name',
      'in',
      rules.arms.map(({ version }) => version),
    )
    .execute();
  return new Map(rows.map((row) => [row.name, row.id]));
}

/** Units after a place. */
export async function unitsAfter(
  db: Queryable,
  experiment: StoredExperiment,
  after: Place,
  limit: number,
): Promise<PlacedUnit[]> {
  return (await unitRowsAfter(db, experiment, after, limit)).map((row) => {
    const { arrived, seq, version, epoch, outcome } = row;
    const open = { predictions: toExposure(row).predictions.length, expired: 0, outcomes: [], durations: [] };
    const facts = outcome === null ? open : (JSON.parse(outcome) as UnitOutcome);
    return { arrived, seq, unit: { version, epoch, closed: outcome !== null, ...facts } };
  });
}

/** Their rows. */
export async function unitRowsAfter(
  db: Queryable,
  { id }: StoredExperiment,
  { arrived, seq }: Place,
  limit: number,
): Promise<readonly UnitRow[]> {
  const { rows } = await sql<UnitRow>`
    select ${UNIT_ROW} from experiment_units u join versions v on v.id = u.version_id
    where u.experiment_id = ${id} and (u.arrived, u.seq) > (${arrived}, ${seq})
    order by u.arrived, u.seq limit ${limit}`.execute(db);
  return rows;
}

/** A row as the pure rules take it. */
export function toExposure({ arrived, seq, unit, version, epoch, predictions, outcome }: UnitRow): Exposure {
  return {
    ...{ arrived, seq, version, epoch, isClosed: outcome !== null },
    unit: unit === null ? null : Buffer.from(unit).toString('hex'),
    predictions: predictions === null ? [seq] : (JSON.parse(predictions) as number[]),
  };
}
