/** Cuts and closes the next units of an experiment, in their order. */
import { sql } from 'kysely';
import { closeUnit, cutUnit, type ClosingRules, type CountedPrediction } from '../../assignments/close-unit.ts';
import type { StoredExperiment } from '../../assignments/experiment-store.ts';
import type { Progress, UnitStep } from '../../assignments/unit-store.ts';
import type { Queryable, Writing } from '../database.ts';
import { changeUnits, isAfter, toExposure, unitRowsAfter, type UnitChange, type UnitRow } from './unit-rows.ts';

/** Units of one step: a few milliseconds, in which nobody else can write to SQLite. */
const STEP = 250;
/** Values of one statement. */
const VALUES = 10_000;

/**
 * One step over units whose key window may be over. Those whose labels are there already, with all before them, are closed at once: most of
 * the time that is all of them, and a row is written once. Where another replica made the step meanwhile, nothing happens.
 */
export async function cutUnits(
  writing: Writing,
  experiment: StoredExperiment,
  rules: ClosingRules,
  from: Pick<Progress, 'cut' | 'entered'>,
): Promise<UnitStep> {
  const rows = await unitRowsAfter(writing, experiment, from.cut, STEP);
  const found = await predictionsOf(writing, rows);
  const changes: UnitChange[] = [];
  let { cut, entered } = from;
  for (const row of rows) {
    const exposure = toExposure(row);
    const durations = cutUnit(exposure, found, rules);
    if (!durations) break;
    const outcome = isAfter(cut, entered) ? undefined : closeUnit(exposure, found, rules);
    cut = row;
    if (outcome) entered = row;
    changes.push({
      ...placed(row),
      durations: durations.length > 0 ? JSON.stringify(durations) : null,
      ...(outcome ? { outcome: JSON.stringify(outcome) } : { predictions: row.predictions }),
    });
  }
  if (changes.length === 0 || !(await moveTo(writing, experiment, from, { cut, entered }))) return { more: false };
  await changeUnits(writing, experiment, changes, ['durations', 'outcome', 'predictions']);
  return { more: changes.length === STEP };
}

/** One step over units that are cut. Where another replica made it meanwhile, nothing happens. */
export async function enterUnits(
  writing: Writing,
  experiment: StoredExperiment,
  rules: ClosingRules,
  from: Pick<Progress, 'cut' | 'entered'>,
): Promise<UnitStep> {
  const { cut } = from;
  const rows = isAfter(cut, from.entered) ? await unitRowsAfter(writing, experiment, from.entered, STEP) : [];
  const found = await predictionsOf(writing, rows);
  const changes: UnitChange[] = [];
  for (const row of rows) {
    const outcome = isAfter(row, cut) ? undefined : closeUnit(toExposure(row), found, rules);
    // Whoever is open holds back all after it: the order in which units enter must not depend on how fast labels come.
    if (!outcome) break;
    changes.push({ ...placed(row), outcome: JSON.stringify(outcome) });
  }
  const last = changes.at(-1);
  if (!last || !(await moveTo(writing, experiment, from, { cut, entered: last }))) return { more: false };
  await changeUnits(writing, experiment, changes, ['outcome', 'predictions']);
  return { more: changes.length === STEP };
}

function placed({ arrived, seq, version_id, epoch }: UnitRow): UnitChange {
  return { arrived, seq, version_id, epoch };
}

async function predictionsOf(db: Queryable, rows: readonly UnitRow[]): Promise<Map<number, CountedPrediction>> {
  const seqs = rows.flatMap((row) => toExposure(row).predictions);
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

/** @returns whether it was where it was thought to be */
async function moveTo(
  writing: Writing,
  { id }: StoredExperiment,
  from: Pick<Progress, 'cut' | 'entered'>,
  { cut, entered }: Pick<Progress, 'cut' | 'entered'>,
): Promise<boolean> {
  const moved = await writing
    .updateTable('experiment_progress')
    .set({ cut_arrived: cut.arrived, cut_seq: cut.seq, entered_arrived: entered.arrived, entered_seq: entered.seq })
    .where('experiment_id', '=', id)
    .where('cut_arrived', '=', from.cut.arrived)
    .where('cut_seq', '=', from.cut.seq)
    .where('entered_arrived', '=', from.entered.arrived)
    .where('entered_seq', '=', from.entered.seq)
    .returning('experiment_id')
    .executeTakeFirst();
  return moved !== undefined;
}
