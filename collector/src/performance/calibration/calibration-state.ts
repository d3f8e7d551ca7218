/**
 * How scores and outcomes agree, counted by bins of the score and by what was predicted: the counters
 * `ml.calibration.{predictions,labeled,correct,score}`. Everything about calibration, and the estimates that need no labels
 * (performance/estimates/), are functions of these counts, which add up over windows and replicas.
 */
import { sampleOf } from '../../distribution/arguments.ts';
import { checkKind, foreignState, openState, type StreamAlgebra } from '../../distribution/state.ts';
import { PlumblineError } from '../../errors.ts';
import { checkCount, checkScore } from '../scores/checks.ts';
import { fieldsOf } from '../state-fields.ts';

/** Bins of equal width over [0, 1]. */
export const CALIBRATION_BINS = 15;

/** Counts per cell: index `side · 15 + bin`, side 1 where the positive class was predicted, else 0. */
export interface CalibrationState {
  /** All scored predictions. */
  readonly predictions: Float64Array;
  /** Those whose label is known. */
  readonly labeled: Float64Array;
  /** Those whose label says the prediction was right. */
  readonly correct: Float64Array;
  /** Sum of the scores of the labelled ones. */
  readonly score: Float64Array;
}

/** What one record says of a prediction. */
export interface CalibrationSample {
  /** P(positive class), 0 to 1; or P(predicted class), with `positive` always true. */
  readonly score: number;
  /** Whether the positive class was predicted. */
  readonly positive: boolean;
  /** Missing when the prediction is made; then, once its label is known, whether it was right. */
  readonly correct?: boolean;
  /** How many, a whole number, default 1; negative takes back what was counted before. */
  readonly count?: number;
}

const FORMAT = 'plumbline.calibration';
const VERSION = 1;
const CELLS = 2 * CALIBRATION_BINS;
const FIELDS = ['predictions', 'labeled', 'correct', 'score'] as const;

/** @throws PlumblineError `foreign_state` when a state is none of calibration */
export function checkCalibration(state: unknown, fields: readonly (keyof CalibrationState)[] = FIELDS): void {
  checkKind(state, FORMAT, ...fields);
}

/** The bin of a score: `[k/15, (k + 1)/15)`, the last one closed, in double arithmetic: ⌊15 · score⌋, at most 14. */
export function calibrationBin(score: number): number {
  return Math.min(CALIBRATION_BINS - 1, Math.floor(CALIBRATION_BINS * score));
}

/** The cell of a scored prediction. */
export function calibrationCell(score: number, positive: boolean): number {
  return calibrationBin(score) + (positive ? CALIBRATION_BINS : 0);
}

/**
 * The algebra of these counts. They merge exactly in any order, the sum of scores to within rounding. Cost: O(1) to record, 120
 * additions to merge. `record` throws `invalid_request` on a score that is no number from 0 to 1, a `positive` or `correct` that is
 * no truth value and a count that is no whole number, and leaves the state as it was.
 */
export const calibrationAlgebra: StreamAlgebra<CalibrationState, CalibrationSample, CalibrationState> = {
  create: () => ({
    predictions: new Float64Array(CELLS),
    labeled: new Float64Array(CELLS),
    correct: new Float64Array(CELLS),
    score: new Float64Array(CELLS),
  }),
  record(state, sample) {
    const { score, positive, correct, count = 1 } = sampleOf(sample);
    checkScore(score, 'score');
    checkTruth(positive, 'positive');
    if (correct !== undefined) checkTruth(correct, 'correct');
    checkCount(count);
    const cell = calibrationCell(score, positive);
    if (correct === undefined) {
      state.predictions[cell]! += count;
      return;
    }
    state.labeled[cell]! += count;
    if (correct) state.correct[cell]! += count;
    state.score[cell]! += count * score;
  },
  merge(state, other) {
    checkKind(other, FORMAT, ...FIELDS);
    for (const field of FIELDS)
      for (let cell = 0; cell < CELLS; cell++) state[field][cell]! += other[field][cell] as number;
  },
  read: (state) => state,
  serialise: (state) => ({
    format: FORMAT,
    version: VERSION,
    data: Object.fromEntries(FIELDS.map((field) => [field, Array.from(state[field])])),
  }),
  parse(value) {
    const data = fieldsOf(openState(value, FORMAT, VERSION));
    const state = calibrationAlgebra.create();
    for (const field of FIELDS) {
      const cells = data[field];
      const usable = field === 'score' ? Number.isFinite : Number.isSafeInteger;
      if (!Array.isArray(cells) || cells.length !== CELLS || !cells.every(usable))
        throw foreignState(`${field}: expected ${CELLS} ${field === 'score' ? 'finite' : 'whole'} numbers`);
      state[field].set(cells as number[]);
    }
    return state;
  },
};

function checkTruth(value: unknown, field: string): void {
  if (typeof value === 'boolean') return;
  const message = `${field}: expected true or false, got ${String(value)}`;
  throw new PlumblineError('invalid_request', message, 'A sample is {score, positive, correct?, count?}.');
}
