/** Units of experiments in the database: the port of the comparison. */
import type { StoredExperiment } from '../../assignments/experiment-store.ts';
import type { KeptReading, Progress, UnitStore } from '../../assignments/unit-store.ts';
import type { Database, Queryable } from '../database.ts';
import { reading, transact } from '../transact.ts';
import { cutUnits, enterUnits } from './enter-units.ts';
import { experimentsQuery, toStoredExperiment } from './experiment-rows.ts';
import { scanExposures } from './scan-exposures.ts';
import { unitsAfter } from './unit-rows.ts';

/** Milliseconds a transaction of another replica may take, and its clock be behind. */
const SETTLED = 5_000;
/** What was predicted so long before an experiment's start, by the clock of another replica, is looked at too. */
const CLOCKS = 60_000;

/** Makes the store. */
export function createUnitStore({ db, engine }: Database): UnitStore {
  const at = (experiment: StoredExperiment) => reading(progress(db, experiment));
  return {
    settled: engine.name === 'postgres' ? SETTLED : 0,
    unfinished: () => reading(unfinished(db)),
    progress: at,
    scan: async (experiment, epochs, horizon) => {
      const from = (await at(experiment)).scanned;
      return transact(db, (writing) => scanExposures(writing, experiment, { epochs, horizon, from }));
    },
    cut: async (experiment, rules) => {
      const from = await at(experiment);
      return transact(db, (writing) => cutUnits(writing, experiment, rules, from));
    },
    enter: async (experiment, rules) => {
      const from = await at(experiment);
      return transact(db, (writing) => enterUnits(writing, experiment, rules, from));
    },
    units: async (experiment, after, limit) => {
      const { cut } = await at(experiment);
      return reading(unitsAfter(db, experiment, { after, cut, limit }));
    },
    keepReading: async ({ id }, { reading: text, at: time, finished }) => {
      const kept = { reading: text, read_at: time, finished: Number(finished) };
      await reading(db.updateTable('experiment_progress').set(kept).where('experiment_id', '=', id).execute());
    },
    reading: ({ id }) => reading(readingOf(db, id)),
  };
}

async function unfinished(db: Queryable): Promise<StoredExperiment[]> {
  const rows = await experimentsQuery(db)
    .leftJoin('experiment_progress', 'experiment_progress.experiment_id', 'experiments.id')
    .where('started_at', 'is not', null)
    .where((where) => where.or([where('finished', 'is', null), where('finished', '=', 0)]))
    .orderBy('experiments.id')
    .execute();
  return rows.map(toStoredExperiment);
}

async function readingOf(db: Queryable, id: number): Promise<KeptReading | undefined> {
  const row = await db
    .selectFrom('experiment_progress')
    .select(['reading', 'read_at', 'finished'])
    .where('experiment_id', '=', id)
    .executeTakeFirst();
  if (!row || row.reading === null) return undefined;
  return { reading: row.reading, at: row.read_at ?? 0, finished: row.finished === 1 };
}

async function progress(db: Queryable, { id, startedAt, createdAt }: StoredExperiment): Promise<Progress> {
  const found = await progressRow(db, id);
  if (found) return found;
  const arrived = (startedAt ?? createdAt) - CLOCKS;
  const before = { cut_arrived: -1, cut_seq: -1, entered_arrived: -1, entered_seq: -1 };
  await db
    .insertInto('experiment_progress')
    .values({ experiment_id: id, arrived, seq: -1, ...before, reading: null, read_at: null, finished: 0 })
    .onConflict((conflict) => conflict.column('experiment_id').doNothing())
    .execute();
  return (await progressRow(db, id)) as Progress;
}

async function progressRow(db: Queryable, id: number): Promise<Progress | undefined> {
  const row = await db
    .selectFrom('experiment_progress')
    .select(['arrived', 'seq', 'cut_arrived', 'cut_seq', 'entered_arrived', 'entered_seq'])
    .where('experiment_id', '=', id)
    .executeTakeFirst();
  if (!row) return undefined;
  return {
    scanned: { arrived: row.arrived, seq: row.seq },
    cut: { arrived: row.cut_arrived, seq: row.cut_seq },
    entered: { arrived: row.entered_arrived, seq: row.entered_seq },
  };
}
