/** Closes the next units of an experiment whose outcome stands, in their order. */
import { sql } from 'kysely';
import { closeUnit, type ClosingRules, type CountedPrediction } from '../../assignments/close-unit.ts';
import type { StoredExperiment } from '../../assignments/experiment-store.ts';
import type { ScanStep } from '../../assignments/unit-store.ts';
import type { Place } from '../../labels/place.ts';
import type { Queryable, Writing } from '../database.ts';
import { toExposure, unitRowsAfter } from './unit-rows.ts';

/** Units of one step: a few milliseconds, in which nobody else can write to SQLite. */
const STEP = 300;
/** Values of one statement. */
const VALUES = 10_000;

/** One step. Where another replica made it meanwhile, nothing happens. */
export async function enterUnits(
  writing: Writing,
  experiment: StoredExperiment,
  rules: ClosingRules,
  from: Place,
): Promise<ScanStep> {
  const exposures = (await unitRowsAfter(writing, experiment, from, STEP)).map(toExposure);
  const found = await predictionsOf(
    writing,
    exposures.flatMap(({ predictions }) => predictions),
  );
  const closed: (Place & { readonly outcome: string })[] = [];
  for (const exposure of exposures) {
    const outcome = closeUnit(exposure, found, rules);
    // Whoever is open holds back all after it: the order in which units enter must not depend on how fast labels come.
    if (!outcome) break;
    closed.push({ arrived: exposure.arrived, seq: exposure.seq, outcome: JSON.stringify(outcome) });
  }
  const last = closed.at(-1);
  if (!last || !(await moveTo(writing, experiment, from, last))) return { more: false };
  for (const { arrived, seq, outcome } of closed)
    await writing
      .updateTable('experiment_units')
      .set({ outcome, predictions: null })
      .where('experiment_id', '=', experiment.id)
      .where('arrived', '=', arrived)
      .where('seq', '=', seq)
      .execute();
  return { more: closed.length === STEP };
}

async function predictionsOf(db: Queryable, seqs: readonly number[]): Promise<Map<number, CountedPrediction>> {
  const found = new Map<number, CountedPrediction>();
  for (let from = 0; from < seqs.length; from += VALUES) {
    const list = sql.join(seqs.slice(from, from + VALUES).map((seq) => sql`${seq}`));
    const { rows } = await sql<CountedPrediction>`
      select p.seq, p.arrived, p.prediction, p.duration, l.seq as "labelSeq", l.label, l.time as "labelTime"
      from predictions p left join labels l on l.seq = p.seq where p.seq in (${list})`.execute(db);
    for (const row of rows) found.set(row.seq, row);
  }
  return found;
}

async function moveTo(writing: Writing, { id }: StoredExperiment, from: Place, to: Place): Promise<boolean> {
  const moved = await writing
    .updateTable('experiment_progress')
    .set({ entered_arrived: to.arrived, entered_seq: to.seq })
    .where('experiment_id', '=', id)
    .where('entered_arrived', '=', from.arrived)
    .where('entered_seq', '=', from.seq)
    .returning('experiment_id')
    .executeTakeFirst();
  return moved !== undefined;
}
