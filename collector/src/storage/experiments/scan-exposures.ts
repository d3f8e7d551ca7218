/** Looks at the next predictions of an experiment's arms and keeps the units they make. */
import { sql } from 'kysely';
import type { StoredEpoch, StoredExperiment } from '../../assignments/experiment-store.ts';
import {
  candidates,
  exposuresOf,
  inOrderMade,
  type Candidate,
  type Exposure,
  type FoundExposures,
  type FoundPrediction,
} from '../../assignments/exposures.ts';
import type { UnitStep } from '../../assignments/unit-store.ts';
import type { Place } from '../../labels/place.ts';
import type { Queryable, Writing } from '../database.ts';
import { armIds, changeUnits, isAfter, toExposure, UNIT_ROW, type UnitRow } from './unit-rows.ts';

/** Predictions of a version looked at in one step: a few milliseconds, in which nobody else can write to SQLite. */
const STEP = 250;

/** What a step needs beside the experiment. */
export interface ScanOptions {
  readonly epochs: readonly StoredEpoch[];
  /** Predictions that arrived later are not looked at, epoch ms. */
  readonly horizon: number;
  /** Where the step before ended. */
  readonly from: Place;
}

/** One step. Where another replica made it meanwhile, nothing happens. */
export async function scanExposures(
  writing: Writing,
  experiment: StoredExperiment,
  { epochs, horizon, from }: ScanOptions,
): Promise<UnitStep> {
  const arms = await armIds(writing, experiment);
  const { rows, more } = await nextPredictions(writing, arms, { horizon, from });
  const last = rows.at(-1);
  const cut = last && (await moveTo(writing, experiment, from, last));
  if (cut === undefined) return { more: false };
  const rules = { experiment, epochs };
  const found = candidates(inOrderMade(rows, cut), rules);
  const exposures = exposuresOf(found, await knownUnits(writing, experiment, found), rules);
  await keep(writing, experiment, arms, exposures);
  return { more };
}

/** In the order of arrival over all arms. Each is read by its own index; beyond the end of a page nothing is known of that arm yet. */
async function nextPredictions(
  db: Queryable,
  arms: ReadonlyMap<string, number>,
  { horizon, from }: Pick<ScanOptions, 'horizon' | 'from'>,
): Promise<{ readonly rows: readonly FoundPrediction[]; readonly more: boolean }> {
  const all: FoundPrediction[] = [];
  let known: Place | undefined;
  for (const [version, versionId] of arms) {
    const rows = await pageOfArm(db, versionId, horizon, from);
    for (const { shadow, ...row } of rows) all.push({ ...row, version, isShadow: shadow === 1 });
    const last = rows.at(-1);
    if (last && rows.length === STEP && (!known || isAfter(known, last))) known = last;
  }
  const rows = all.filter((row) => !known || !isAfter(row, known)).sort((a, b) => (isAfter(a, b) ? 1 : -1));
  return { rows, more: known !== undefined };
}

interface PredictionRow extends Place {
  readonly time: number;
  readonly key: string | null;
  readonly experiment: string | null;
  readonly shadow: number;
}

async function pageOfArm(db: Queryable, versionId: number, horizon: number, from: Place) {
  const { rows } = await sql<PredictionRow>`
    select arrived, seq, time, routing_key as key, experiment, case when shadow_of is null then 0 else 1 end as shadow
    from predictions
    where version_id = ${versionId} and (arrived, seq) > (${from.arrived}, ${from.seq}) and arrived <= ${horizon}
    order by arrived, seq limit ${STEP}`.execute(db);
  return rows;
}

/** @returns the time up to which units are cut, epoch ms; undefined where it was not where it was thought to be */
async function moveTo(
  writing: Writing,
  { id }: StoredExperiment,
  from: Place,
  { arrived, seq }: Place,
): Promise<number | undefined> {
  const moved = await writing
    .updateTable('experiment_progress')
    .set({ arrived, seq })
    .where('experiment_id', '=', id)
    .where('arrived', '=', from.arrived)
    .where('seq', '=', from.seq)
    .returning('cut_arrived')
    .executeTakeFirst();
  return moved?.cut_arrived;
}

async function knownUnits(
  db: Queryable,
  { id }: StoredExperiment,
  found: readonly Candidate[],
): Promise<Map<string, Exposure>> {
  const hashes = [...new Set(found.flatMap(({ unit }) => unit ?? []))];
  if (hashes.length === 0) return new Map();
  const list = sql.join(hashes.map((hash) => sql`${Buffer.from(hash, 'hex')}`));
  const { rows } = await sql<UnitRow>`
    select ${UNIT_ROW} from experiment_units u join versions v on v.id = u.version_id
    where u.experiment_id = ${id} and u.unit in (${list})`.execute(db);
  return new Map(rows.map(toExposure).map((exposure) => [exposure.unit as string, exposure]));
}

async function keep(
  writing: Writing,
  experiment: StoredExperiment,
  arms: ReadonlyMap<string, number>,
  { made, grown }: FoundExposures,
): Promise<void> {
  const rows = made.map(({ arrived, seq, unit, version, epoch, predictions }) => ({
    ...{ experiment_id: experiment.id, arrived, seq, epoch, version_id: arms.get(version) as number },
    unit: unit === null ? null : Buffer.from(unit, 'hex'),
    predictions: predictions.length === 1 ? null : JSON.stringify(predictions),
    durations: null,
    outcome: null,
  }));
  if (rows.length > 0) await writing.insertInto('experiment_units').values(rows).execute();
  const changes = grown.map(({ arrived, seq, version, epoch, predictions }) => ({
    ...{ arrived, seq, epoch, version_id: arms.get(version) as number },
    predictions: JSON.stringify(predictions),
  }));
  await changeUnits(writing, experiment, changes, ['predictions']);
}
