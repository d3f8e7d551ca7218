/** Units of experiments in the database: the port of the comparison. */
import type { StoredExperiment } from '../../assignments/experiment-store.ts';
import type { Progress, UnitStore } from '../../assignments/unit-store.ts';
import type { Database, Queryable } from '../database.ts';
import { reading, transact } from '../transact.ts';
import { enterUnits } from './enter-units.ts';
import { scanExposures } from './scan-exposures.ts';
import { unitsAfter } from './unit-rows.ts';

/** Milliseconds a transaction of another replica may take, and its clock be behind. */
const SETTLED = 5_000;
/** What was predicted so long before an experiment's start, by the clock of another replica, is looked at too. */
const CLOCKS = 60_000;

/** Makes the store. */
export function createUnitStore({ db, engine }: Database): UnitStore {
  return {
    settled: engine.name === 'postgres' ? SETTLED : 0,
    progress: (experiment) => reading(progress(db, experiment)),
    scan: async (experiment, epochs, horizon) => {
      const from = (await reading(progress(db, experiment))).scanned;
      return transact(db, (writing) => scanExposures(writing, experiment, { epochs, horizon, from }));
    },
    enter: async (experiment, rules) => {
      const from = (await reading(progress(db, experiment))).entered;
      return transact(db, (writing) => enterUnits(writing, experiment, rules, from));
    },
    units: (experiment, after, limit) => reading(unitsAfter(db, experiment, after, limit)),
    keepReading: async ({ id }, text, at) => {
      const kept = { reading: text, read_at: at };
      await reading(db.updateTable('experiment_progress').set(kept).where('experiment_id', '=', id).execute());
    },
    reading: async ({ id }) => {
      const query = db.selectFrom('experiment_progress').select(['reading', 'read_at']).where('experiment_id', '=', id);
      const row = await reading(query.executeTakeFirst());
      return row && row.reading !== null ? { reading: row.reading, at: row.read_at ?? 0 } : undefined;
    },
  };
}

async function progress(db: Queryable, { id, startedAt, createdAt }: StoredExperiment): Promise<Progress> {
  const found = await progressRow(db, id);
  if (found) return found;
  const arrived = (startedAt ?? createdAt) - CLOCKS;
  await db
    .insertInto('experiment_progress')
    .values({ experiment_id: id, arrived, seq: -1, entered_arrived: -1, entered_seq: -1, reading: null, read_at: null })
    .onConflict((conflict) => conflict.column('experiment_id').doNothing())
    .execute();
  return (await progressRow(db, id)) as Progress;
}

async function progressRow(db: Queryable, id: number): Promise<Progress | undefined> {
  const row = await db
    .selectFrom('experiment_progress')
    .select(['arrived', 'seq', 'entered_arrived', 'entered_seq'])
    .where('experiment_id', '=', id)
    .executeTakeFirst();
  if (!row) return undefined;
  const { arrived, seq, entered_arrived, entered_seq } = row;
  return { scanned: { arrived, seq }, entered: { arrived: entered_arrived, seq: entered_seq } };
}
