/** Rows of units and what they mean. */
import { sql } from 'kysely';
import type { UnitOutcome } from '../../assignments/close-unit.ts';
import type { StoredExperiment } from '../../assignments/experiment-store.ts';
import type { Exposure } from '../../assignments/exposures.ts';
import type { PlacedUnit } from '../../assignments/unit-store.ts';
import type { Place } from '../../labels/place.ts';
import type { Queryable, Writing } from '../database.ts';

/** A row with the name of its version. */
export interface UnitRow extends Place {
  readonly unit: Uint8Array | null;
  readonly version: string;
  readonly epoch: number;
  readonly predictions: string | null;
  readonly version_id: number;
  readonly durations: string | null;
  readonly outcome: string | null;
}

/** Columns of it; `u` is the unit, `v` its version. */
export const UNIT_ROW = sql.raw(
  'u.arrived, u.seq, u.unit, v.name as version, u.version_id, u.epoch, u.predictions, u.durations, u.outcome',
);

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

/** Units after a place. @param cut the last one whose key window is over */
export async function unitsAfter(
  db: Queryable,
  experiment: StoredExperiment,
  { after, cut, limit }: { readonly after: Place; readonly cut: Place; readonly limit: number },
): Promise<PlacedUnit[]> {
  return (await unitRowsAfter(db, experiment, after, limit)).map((row) => {
    const { arrived, seq, version, epoch } = row;
    const open = { predictions: toExposure(row).predictions.length, expired: 0, outcomes: [] };
    const facts = row.outcome === null ? open : (JSON.parse(row.outcome) as UnitOutcome);
    const durations = row.durations === null ? [] : (JSON.parse(row.durations) as number[]);
    const state = { windowOver: !isAfter(row, cut), closed: row.outcome !== null };
    return { arrived, seq, unit: { version, epoch, ...state, ...facts, durations } };
  });
}

/** Whether one place is after another. */
export function isAfter(a: Place, b: Place): boolean {
  return a.arrived > b.arrived || (a.arrived === b.arrived && a.seq > b.seq);
}

/** What is written of a unit that is there. */
export type UnitChange = Place &
  Pick<UnitRow, 'version_id' | 'epoch'> &
  Partial<Pick<UnitRow, 'predictions' | 'durations' | 'outcome'>>;

/** Changes units, all in one statement. @param columns those that are set */
export async function changeUnits(
  writing: Writing,
  { id }: StoredExperiment,
  changes: readonly UnitChange[],
  columns: readonly ('predictions' | 'durations' | 'outcome')[],
): Promise<void> {
  if (changes.length === 0) return;
  const nothing = { unit: null, predictions: null, durations: null, outcome: null };
  await writing
    .insertInto('experiment_units')
    .values(changes.map((change) => ({ experiment_id: id, ...nothing, ...change })))
    // They are there, so each row conflicts, and nothing is inserted.
    .onConflict((conflict) =>
      conflict
        .columns(['experiment_id', 'arrived', 'seq'])
        .doUpdateSet((row) => Object.fromEntries(columns.map((column) => [column, row.ref(`excluded.${column}`)]))),
    )
    .execute();
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
