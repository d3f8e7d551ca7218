/**
 * DDM (Gama, Medas, Castillo & Rodrigues 2004): the error rate has risen by so many standard deviations above its best. Value
 * for value as river's `drift.binary.DDM`. A model without any error in its first `warmStart` rows alarms at its first one.
 */
import { checkRecord } from '../../distribution/arguments.ts';
import { foreignState, openState } from '../../distribution/state.ts';
import { PlumblineError } from '../../errors.ts';
import {
  checkSettings,
  markDetection,
  noCounts,
  stateCount,
  stateCounts,
  stateNumber,
  stateRecord,
  type Detector,
  type DetectorCounts,
} from './detector.ts';

const FORMAT = 'plumbline.ddm';
const VERSION = 1;

/** Settings of DDM; the defaults are river's. */
export interface DdmSettings {
  /** No detection up to so many rows (default 30). */
  readonly warmStart?: number;
  /** Standard deviations above the best rate from which it warns (default 2) and detects (default 3). */
  readonly warningAt?: number;
  readonly driftAt?: number;
}

/** The error rate and its best so far. */
export interface DdmState extends DetectorCounts {
  n: number;
  rate: number;
  warning: boolean;
  /** Rate and standard deviation where their sum was least; null up to `warmStart`. */
  best: { readonly rate: number; readonly deviation: number } | null;
}

/**
 * Makes a detector of errors: 1 wrong, 0 right; other values are left out. Cost: O(1).
 * @throws PlumblineError `invalid_configuration` naming the setting that is out of range
 */
export function createDdm(settings: DdmSettings = {}): Detector<DdmState> {
  checkRecord(settings, 'settings');
  const known = { warmStart: 30, warningAt: 2, driftAt: 3, ...settings };
  const { warmStart, warningAt, driftAt } = known;
  if (!(Number.isInteger(warmStart) && warmStart >= 1)) throw invalid('warmStart', 'is no whole number from 1');
  if (!(warningAt > 0 && warningAt <= driftAt && Number.isFinite(driftAt)))
    throw invalid('warningAt', `${warningAt} and driftAt ${driftAt} must ascend from above 0`);
  return {
    create: () => ({ ...noCounts(), ...fresh() }),
    record: (state, input) => record(state, input, known),
    read: ({ seen, ignored, n, rate, detected, warning, detections, lastDetection }) => ({
      ...{ seen, ignored, n, mean: n > 0 ? rate : null, detected, warning, detections, lastDetection },
    }),
    serialise: (state) => ({ format: FORMAT, version: VERSION, data: { settings: known, ...state } }),
    parse: (value) => {
      const data = stateRecord(openState(value, FORMAT, VERSION));
      checkSettings(data, known);
      return parse(data);
    },
  };
}

function invalid(name: string, message: string): PlumblineError {
  return new PlumblineError('invalid_configuration', `ddm.${name}: ${message}`, 'Leave it out for the default.');
}

function fresh(): Omit<DdmState, keyof DetectorCounts> {
  return { n: 0, rate: 0, warning: false, best: null };
}

function record(state: DdmState, value: number, { warmStart, warningAt, driftAt }: Required<DdmSettings>): void {
  if (value !== 0 && value !== 1) {
    state.ignored++;
    return;
  }
  if (state.detected) Object.assign(state, fresh(), { detected: false });
  state.seen++;
  state.n++;
  state.rate += (1 / state.n) * (value - state.rate);
  if (state.n <= warmStart) return;
  const { rate } = state;
  const deviation = Math.sqrt(Math.max(0, rate * (1 - rate)) / state.n);
  if (!state.best || rate + deviation <= state.best.rate + state.best.deviation) state.best = { rate, deviation };
  const { best } = state;
  state.warning = rate + deviation > best.rate + warningAt * best.deviation;
  if (rate + deviation <= best.rate + driftAt * best.deviation) return;
  state.warning = false;
  markDetection(state);
}

function parse(data: Readonly<Record<string, unknown>>): DdmState {
  if (typeof data['warning'] !== 'boolean') throw foreignState('warning is neither true nor false');
  const best = data['best'] === null ? null : stateRecord(data['best'], 'best');
  return {
    ...stateCounts(data),
    n: stateCount(data, 'n'),
    rate: stateNumber(data, 'rate'),
    warning: data['warning'],
    best: best && { rate: stateNumber(best, 'rate'), deviation: stateNumber(best, 'deviation') },
  };
}
