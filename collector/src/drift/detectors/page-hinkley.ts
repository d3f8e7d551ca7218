/** Page–Hinkley test (Page 1954) for a change of the mean, value for value as river's `drift.PageHinkley`. */
import { checkRecord } from '../../distribution/arguments.ts';
import { foreignState, openState } from '../../distribution/state.ts';
import { PlumblineError } from '../../errors.ts';
import {
  checkSettings,
  isUsable,
  markDetection,
  noCounts,
  stateCount,
  stateCounts,
  stateNumber,
  stateRecord,
  type Detector,
  type DetectorCounts,
} from './detector.ts';

const FORMAT = 'plumbline.page-hinkley';
const VERSION = 1;
const MODES = ['up', 'down', 'both'] as const;

/** Settings of the test; the defaults are river's, which are slow on errors of 0 and 1 (see the table of operating points). */
export interface PageHinkleySettings {
  /** No detection before so many values (default 30). */
  readonly minimum?: number;
  /** Change of the mean that does not count (default 0.005). */
  readonly delta?: number;
  /** Cumulated deviation that counts as a change, in the unit of the values (default 50). */
  readonly threshold?: number;
  /** What is kept of the cumulated deviation at each value (default 0.9999). */
  readonly alpha?: number;
  /** Changes that count: of an error only `up` is bad (default `both`). */
  readonly mode?: (typeof MODES)[number];
}

/** Cumulated deviations from the running mean, and their extremes. */
export interface PageHinkleyState extends DetectorCounts {
  n: number;
  mean: number;
  sumUp: number;
  sumDown: number;
  /** +∞ before the first value. */
  lowestUp: number;
  highestDown: number;
}

/**
 * Makes a detector. Values that are no number within ±1e100 are left out. Cost: O(1), no allocation but at a detection.
 * @throws PlumblineError `invalid_configuration` naming the setting that is out of range
 */
export function createPageHinkley(settings: PageHinkleySettings = {}): Detector<PageHinkleyState> {
  checkRecord(settings, 'settings');
  const known = { minimum: 30, delta: 0.005, threshold: 50, alpha: 0.9999, mode: 'both', ...settings } as const;
  check(known);
  return {
    create: () => ({ ...noCounts(), ...fresh() }),
    record: (state, input) => record(state, input, known),
    read: ({ seen, ignored, n, mean, detected, detections, lastDetection }) => ({
      ...{ seen, ignored, n, mean: n > 0 ? mean : null, detected, warning: false, detections, lastDetection },
    }),
    // JSON has no infinity: the state before the first value is known by its n.
    serialise: (state) => ({
      format: FORMAT,
      version: VERSION,
      data: { settings: known, ...state, lowestUp: state.n === 0 ? null : state.lowestUp },
    }),
    parse: (value) => {
      const data = stateRecord(openState(value, FORMAT, VERSION));
      checkSettings(data, known);
      return parse(data);
    },
  };
}

function check({ minimum, delta, threshold, alpha, mode }: Required<PageHinkleySettings>): void {
  if (!(Number.isInteger(minimum) && minimum >= 1)) throw invalid('minimum', minimum, 'a whole number from 1');
  if (!(delta >= 0 && Number.isFinite(delta))) throw invalid('delta', delta, 'a number ≥ 0');
  if (!(threshold > 0 && Number.isFinite(threshold))) throw invalid('threshold', threshold, 'a number > 0');
  if (!(alpha > 0 && alpha <= 1)) throw invalid('alpha', alpha, 'in (0, 1]');
  if (!MODES.includes(mode)) throw invalid('mode', mode, 'up, down or both');
}

function invalid(name: string, value: unknown, wanted: string): PlumblineError {
  const message = `pageHinkley.${name}: ${String(value)} is not ${wanted}`;
  return new PlumblineError('invalid_configuration', message, 'Leave it out for the default.');
}

function fresh(): Omit<PageHinkleyState, keyof DetectorCounts> {
  return { n: 0, mean: 0, sumUp: 0, sumDown: 0, lowestUp: Number.POSITIVE_INFINITY, highestDown: -1 };
}

function record(state: PageHinkleyState, value: number, known: Required<PageHinkleySettings>): void {
  if (!isUsable(value)) {
    state.ignored++;
    return;
  }
  if (state.detected) Object.assign(state, fresh(), { detected: false });
  state.seen++;
  state.n++;
  state.mean += (1 / state.n) * (value - state.mean);
  const deviation = value - state.mean;
  state.sumUp = known.alpha * state.sumUp + deviation - known.delta;
  state.sumDown = known.alpha * state.sumDown + deviation + known.delta;
  state.lowestUp = Math.min(state.lowestUp, state.sumUp);
  state.highestDown = Math.max(state.highestDown, state.sumDown);
  if (state.n < known.minimum) return;
  const up = known.mode !== 'down' && state.sumUp - state.lowestUp > known.threshold;
  const down = known.mode !== 'up' && state.highestDown - state.sumDown > known.threshold;
  if (up || down) markDetection(state);
}

function parse(data: Readonly<Record<string, unknown>>): PageHinkleyState {
  const n = stateCount(data, 'n');
  if (n === 0 && data['lowestUp'] !== null) throw foreignState('lowestUp is there without any value');
  return {
    ...stateCounts(data),
    n,
    mean: stateNumber(data, 'mean'),
    sumUp: stateNumber(data, 'sumUp'),
    sumDown: stateNumber(data, 'sumDown'),
    lowestUp: n === 0 ? Number.POSITIVE_INFINITY : stateNumber(data, 'lowestUp'),
    highestDown: stateNumber(data, 'highestDown'),
  };
}
