/**
 * ADWIN (Bifet & Gavaldà 2007): keeps a window of the latest values in an exponential histogram and drops its older part when
 * two parts of it differ in their mean by more than chance allows. Value for value as river's `drift.ADWIN`, which starts
 * afresh after a detection.
 */
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

const FORMAT = 'plumbline.adwin';
const VERSION = 1;

/** Settings of ADWIN; the defaults are river's. */
export interface AdwinSettings {
  /** Confidence of one check: smaller is later and falser less often (default 0.002). */
  readonly delta?: number;
  /** Checks every so many values (default 32). */
  readonly clock?: number;
  /** Buckets of a size before two of them are merged (default 5). */
  readonly maxBuckets?: number;
  /** Shortest part that is compared (default 5). */
  readonly minimumPart?: number;
  /** No check before so many values (default 10). */
  readonly gracePeriod?: number;
}

/** The window: row r holds sums and squared deviations of buckets of 2^r values, oldest first. */
export interface AdwinState extends DetectorCounts {
  readonly totals: number[][];
  readonly variances: number[][];
  total: number;
  /** Sum of squared deviations from the mean of the window. */
  variance: number;
  width: number;
  tick: number;
}

/**
 * Makes a detector. Values that are no number within ±1e100 are left out. Cost: O(log window) per check, O(1) amortised otherwise; memory
 * 2 · (maxBuckets + 1) numbers per doubling of the window.
 * @throws PlumblineError `invalid_configuration` naming the setting that is out of range
 */
export function createAdwin(settings: AdwinSettings = {}): Detector<AdwinState> {
  checkRecord(settings, 'settings');
  const known = { delta: 0.002, clock: 32, maxBuckets: 5, minimumPart: 5, gracePeriod: 10, ...settings };
  check(known);
  return {
    create: () => ({ ...noCounts(), ...emptyWindow() }),
    record: (state, input) => record(state, input, known),
    read: ({ seen, ignored, width, total, detected, detections, lastDetection }) => ({
      ...{ seen, ignored, n: width, mean: width > 0 ? total / width : null },
      ...{ detected, warning: false, detections, lastDetection },
    }),
    serialise: (state) => ({ format: FORMAT, version: VERSION, data: { settings: known, ...structuredClone(state) } }),
    parse: (value) => {
      const data = stateRecord(openState(value, FORMAT, VERSION));
      checkSettings(data, known);
      return parse(data, known.maxBuckets);
    },
  };
}

type Known = Required<AdwinSettings>;

function check({ delta, clock, maxBuckets, minimumPart, gracePeriod }: Known): void {
  const whole = { clock, maxBuckets, minimumPart, gracePeriod };
  const wrong = Object.entries(whole).find(([, value]) => !(Number.isInteger(value) && value >= 1));
  if (!(delta > 0 && delta < 1)) throw invalid(`adwin.delta: ${delta} does not lie between 0 and 1`);
  if (wrong) throw invalid(`adwin.${wrong[0]}: ${String(wrong[1])} is no whole number from 1`);
}

function invalid(message: string): PlumblineError {
  return new PlumblineError('invalid_configuration', message, 'Leave it out for the default.');
}

function emptyWindow(): Omit<AdwinState, keyof DetectorCounts> {
  return { totals: [[]], variances: [[]], total: 0, variance: 0, width: 0, tick: 0 };
}

function record(state: AdwinState, value: number, known: Known): void {
  if (!isUsable(value)) {
    state.ignored++;
    return;
  }
  if (state.detected) Object.assign(state, emptyWindow(), { detected: false });
  state.seen++;
  insert(state, value, known.maxBuckets);
  state.tick++;
  if (state.tick % known.clock !== 0 || state.width <= known.gracePeriod) return;
  let changed = false;
  while (hasCut(state, known)) {
    changed = true;
    dropOldest(state);
  }
  if (changed) markDetection(state);
}

/** Adds a value (Welford) and merges buckets where a row is over-full. */
function insert(state: AdwinState, value: number, maxBuckets: number): void {
  state.totals[0]?.push(value);
  state.variances[0]?.push(0);
  state.width++;
  if (state.width > 1) {
    const deviation = value - state.total / (state.width - 1);
    state.variance += ((state.width - 1) * deviation * deviation) / state.width;
  }
  state.total += value;
  for (let row = 0; (state.totals[row]?.length ?? 0) > maxBuckets; row++) mergeOldest(state, row);
}

/** Moves the two oldest buckets of a row as one into the next row. */
function mergeOldest({ totals, variances }: AdwinState, row: number): void {
  const size = 2 ** row;
  if (row + 1 === totals.length) {
    totals.push([]);
    variances.push([]);
  }
  const [a, b] = [totals[row]?.shift() as number, totals[row]?.shift() as number];
  const [va, vb] = [variances[row]?.shift() as number, variances[row]?.shift() as number];
  const difference = a / size - b / size;
  totals[row + 1]?.push(a + b);
  variances[row + 1]?.push(va + vb + size * 0.5 * difference * difference);
}

/** Whether the means left and right of some border between buckets differ by more than chance allows. */
function hasCut(state: AdwinState, { delta, minimumPart }: Known): boolean {
  const confidence = Math.log((2 * Math.log(state.width)) / delta);
  const spread = state.variance / state.width;
  let [n0, n1, u0, u1] = [0, state.width, 0, state.total];
  for (let row = state.totals.length - 1; row >= 0; row--) {
    for (const total of state.totals[row] as number[]) {
      n0 += 2 ** row;
      n1 -= 2 ** row;
      u0 += total;
      u1 -= total;
      if (n0 < minimumPart || n1 < minimumPart) continue;
      const reciprocal = 1 / (n0 - minimumPart + 1) + 1 / (n1 - minimumPart + 1);
      const limit = Math.sqrt(2 * reciprocal * spread * confidence) + (2 / 3) * confidence * reciprocal;
      if (Math.abs(u0 / n0 - u1 / n1) > limit) return true;
    }
  }
  return false;
}

function dropOldest(state: AdwinState): void {
  const row = state.totals.length - 1;
  const size = 2 ** row;
  const total = state.totals[row]?.shift() as number;
  const variance = state.variances[row]?.shift() as number;
  state.width -= size;
  state.total -= total;
  const difference = total / size - state.total / state.width;
  state.variance -= variance + (size * state.width * difference * difference) / (size + state.width);
  if (state.totals[row]?.length === 0 && row > 0) {
    state.totals.pop();
    state.variances.pop();
  }
}

function parse(data: Readonly<Record<string, unknown>>, maxBuckets: number): AdwinState {
  const [totals, variances] = [rows(data, 'totals', maxBuckets), rows(data, 'variances', maxBuckets)];
  const width = stateCount(data, 'width');
  const held = totals.reduce((sum, row, index) => sum + row.length * 2 ** index, 0);
  if (held !== width || totals.some((row, index) => row.length !== variances[index]?.length)) {
    throw foreignState('totals, variances and width do not belong together');
  }
  return {
    ...stateCounts(data),
    totals,
    variances,
    total: stateNumber(data, 'total'),
    variance: stateNumber(data, 'variance'),
    width,
    tick: stateCount(data, 'tick'),
  };
}

function rows(data: Readonly<Record<string, unknown>>, field: string, maxBuckets: number): number[][] {
  const value = data[field];
  const isRow = (row: unknown): row is number[] =>
    Array.isArray(row) && row.length <= maxBuckets && row.every((item) => Number.isFinite(item));
  if (Array.isArray(value) && value.length > 0 && value.every(isRow)) return value.map((row) => [...row]);
  throw foreignState(`${field} are no rows of numbers`);
}
