/** Which predictions of an experiment count, and for which unit: a pure rule, so that every replica and every restart finds the same. */
import { createHash } from 'node:crypto';
import type { Place } from '../labels/place.ts';
import type { StoredEpoch, StoredExperiment } from './experiment-store.ts';

/** Of a key at most so many predictions count, the first ones: a client that predicts without end must not fill a row without end. */
export const MAX_COUNTED = 100;

/** A prediction as it was found; its place is the one it arrived at, or, from `inOrderMade` on, the one it was made at. */
export interface FoundPrediction extends Place {
  /** When it was made, epoch ms. */
  readonly time: number;
  readonly version: string;
  readonly key: string | null;
  /** JSON of name, epoch, propensity; null where it belongs to no experiment. */
  readonly experiment: string | null;
  readonly isShadow: boolean;
}

/** A unit: a key with its first exposure, or a prediction without a key. */
export interface Exposure extends Place {
  /** Hash of the key; null for a prediction without one. */
  readonly unit: string | null;
  readonly version: string;
  readonly epoch: number;
  /** Numbers of the predictions that count, the first one included. */
  readonly predictions: readonly number[];
  /** Whether its outcome stands already, so that nothing more counts. */
  readonly isClosed: boolean;
}

/** What a stretch of predictions changes. */
export interface FoundExposures {
  /** New units, in the order of their first exposure. */
  readonly made: readonly Exposure[];
  /** Units that were there and got more predictions. */
  readonly grown: readonly Exposure[];
}

/** What exposures are judged by. */
export interface ExposureRules {
  readonly experiment: Pick<StoredExperiment, 'name' | 'salt'> & {
    readonly rules: Pick<StoredExperiment['rules'], 'keyWindowSeconds'>;
  };
  readonly epochs: readonly StoredEpoch[];
}

/** A prediction of this experiment that may count. */
export interface Candidate extends FoundPrediction {
  readonly unit: string | null;
  readonly epoch: number;
}

/**
 * Those that the experiment routed: they name it, and an epoch in which their version had a share. What names another epoch (a client that
 * made it up) tells nothing, since nobody knows how likely it was.
 */
export function candidates(rows: readonly FoundPrediction[], { experiment, epochs }: ExposureRules): Candidate[] {
  const shares = new Map(epochs.map(({ number, weights }) => [number, weights]));
  return rows.flatMap((row) => {
    if (row.experiment === null || row.isShadow) return [];
    const { name, epoch } = JSON.parse(row.experiment) as { readonly name: string; readonly epoch: number };
    if (name !== experiment.name || !((shares.get(epoch)?.[row.version] ?? 0) > 0)) return [];
    return [{ ...row, epoch, unit: row.key === null ? null : unitOf(row.key, experiment.salt) }];
  });
}

/**
 * Puts predictions, in the order given, to their units. A key belongs to its first exposure: what another version or another epoch
 * predicts for it later does not count. @param known units that are there already, by hash
 */
export function exposuresOf(
  rows: readonly Candidate[],
  known: ReadonlyMap<string, Exposure>,
  { experiment }: ExposureRules,
): FoundExposures {
  const window = experiment.rules.keyWindowSeconds * 1_000;
  const made: Exposure[] = [];
  const places = new Map<string, number>();
  const grown = new Map<string, Exposure>();
  for (const { unit, version, epoch, arrived, seq } of rows) {
    const place = unit === null ? undefined : places.get(unit);
    const before = unit === null ? undefined : place === undefined ? (grown.get(unit) ?? known.get(unit)) : made[place];
    if (before === undefined) {
      if (unit !== null) places.set(unit, made.length);
      made.push({ unit, version, epoch, arrived, seq, predictions: [seq], isClosed: false });
      continue;
    }
    const isSame = before.version === version && before.epoch === epoch && !before.isClosed;
    const isWithin = arrived - before.arrived <= window && before.predictions.length < MAX_COUNTED;
    if (!isSame || window === 0 || !isWithin) continue;
    const after = { ...before, predictions: [...before.predictions, seq] };
    if (place !== undefined) made[place] = after;
    else grown.set(unit as string, after);
  }
  return { made, grown: [...grown.values()] };
}

/**
 * Places predictions by when they were made: clients send in batches, often one version after the other, and a comparison that took these
 * for the order in which keys came would find that the next arm can be foretold. One that comes after its time has been gone through takes its
 * place at the end of what was.
 * @param over what was made by then (epoch ms) has been gone through
 */
export function inOrderMade(rows: readonly FoundPrediction[], over: number): FoundPrediction[] {
  const placed = rows.map((row) => ({ ...row, arrived: Math.max(Math.min(row.time, row.arrived), over + 1) }));
  return placed.sort((a, b) => a.arrived - b.arrived || a.seq - b.seq);
}

/** What a key is remembered by: who sees the database learns no key from it without the key itself. */
function unitOf(key: string, salt: string): string {
  return createHash('sha256').update(`${salt}\u0000${key}`).digest('hex').slice(0, 32);
}
