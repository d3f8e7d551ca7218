/** When the outcome of a unit stands, and what it is. Pure. */
import type { KeyOutcome, KeyUnit } from '../experiments/key-unit.ts';
import type { TaskName } from '../monitor/options.ts';
import type { StoredEpoch } from './experiment-store.ts';
import type { Exposure } from './exposures.ts';

/** A prediction that counts, with its label. */
export interface CountedPrediction {
  readonly seq: number;
  readonly arrived: number;
  readonly prediction: string;
  /** Seconds. */
  readonly duration: number | null;
  /** Null where it is neither labelled nor expired. */
  readonly labelSeq: number | null;
  /** Null where it expired. */
  readonly label: string | null;
  /** When the label became known, epoch ms. */
  readonly labelTime: number | null;
}

/** What decides whether a unit is closed. Times in milliseconds. */
export interface ClosingRules {
  readonly task: TaskName;
  readonly keyWindow: number;
  readonly labelWait: number;
  readonly epochs: readonly StoredEpoch[];
  /** All that arrived up to this moment was looked at. */
  readonly horizon: number;
  /** A client may send a prediction so long after it was made without losing its place in the order; milliseconds. */
  readonly sendingGrace: number;
}

/** Routers that poll hear of a new epoch within this time; until then predictions of the old one come in. */
const EPOCH_GRACE = 60_000;

/** What is kept of a closed unit. */
export type UnitOutcome = Pick<KeyUnit, 'predictions' | 'expired' | 'outcomes'>;

/** How long the predictions of a unit took, in seconds, once its key window or its epoch is over; undefined before. */
export function cutUnit(
  exposure: Exposure,
  found: ReadonlyMap<number, CountedPrediction>,
  rules: ClosingRules,
): readonly number[] | undefined {
  if (!isCut(exposure, rules)) return undefined;
  return exposure.predictions.flatMap((seq) => {
    const duration = found.get(seq)?.duration ?? null;
    return duration === null ? [] : [rounded(duration)];
  });
}

/**
 * The outcome of a unit that is cut, once nothing can change it: each of its predictions has its label, or has waited too long. A label
 * counts only if it came in time, even where the unit is closed later: what a unit is worth must not depend on when somebody looked.
 * @returns undefined while it is open
 */
export function closeUnit(
  { predictions }: Exposure,
  found: ReadonlyMap<number, CountedPrediction>,
  rules: ClosingRules,
): UnitOutcome | undefined {
  const outcomes = new Map<string, KeyOutcome & { readonly count: number }>();
  let expired = 0;
  for (const seq of predictions) {
    const prediction = found.get(seq);
    const fate = prediction === undefined ? 'expired' : fateOf(prediction, rules);
    if (fate === 'waiting') return undefined;
    if (fate === 'expired' || prediction === undefined) expired++;
    else addOutcome(outcomes, prediction, rules.task);
  }
  return { predictions: predictions.length, expired, outcomes: [...outcomes.values()] };
}

function isCut({ arrived, epoch }: Exposure, { keyWindow, epochs, horizon, sendingGrace }: ClosingRules): boolean {
  if (horizon > arrived + keyWindow + sendingGrace) return true;
  const until = epochs.find(({ number }) => number === epoch)?.until ?? null;
  return until !== null && horizon > until + EPOCH_GRACE;
}

function fateOf(
  { arrived, labelSeq, label, labelTime }: CountedPrediction,
  { labelWait, horizon }: ClosingRules,
): 'labelled' | 'expired' | 'waiting' {
  const last = arrived + labelWait;
  if (labelSeq === null) return horizon > last ? 'expired' : 'waiting';
  return label !== null && (labelTime ?? 0) <= last ? 'labelled' : 'expired';
}

function addOutcome(
  outcomes: Map<string, KeyOutcome & { readonly count: number }>,
  { prediction, label }: CountedPrediction,
  task: TaskName,
): void {
  const name = `${prediction}\u0000${label}`;
  const count = (outcomes.get(name)?.count ?? 0) + 1;
  const isNumber = task === 'regression';
  const actual = isNumber ? Number(label) : (label as string);
  outcomes.set(name, { actual, predicted: isNumber ? Number(prediction) : prediction, count });
}

/** Latencies are told to 1 %; more digits would be most of a row. */
function rounded(seconds: number): number {
  return Number(seconds.toPrecision(4));
}
