/** Several classes with a probability each: logarithmic and Brier loss as a stream. */
import { checkList, sampleOf } from '../../distribution/arguments.ts';
import { checkKind, foreignState, openState, type StreamAlgebra } from '../../distribution/state.ts';
import { PlumblineError } from '../../errors.ts';
import type { Measured } from '../measured.ts';
import { fieldsOf } from '../state-fields.ts';
import { checkCount } from './checks.ts';
import { CLIP } from './losses.ts';
import { addLoss, meanLoss, parseLossSums, type LossSums } from './mean-of-losses.ts';

/** A sample with the probability of each class. */
export interface ClassScoredSample {
  /** Probabilities, which sum to 1 within 0.01. */
  readonly probabilities: ArrayLike<number>;
  /** Index of the label among them. */
  readonly label: number;
  /** How many, a whole number, default 1; negative takes back what was counted before. */
  readonly count?: number;
}

/** Sums of losses. */
export interface ClassScoreState {
  n: number;
  readonly brier: LossSums;
  readonly logLoss: LossSums;
}

/** Both losses. */
export interface ClassScoreReading {
  readonly n: number;
  readonly brier: Measured;
  readonly logLoss: Measured;
}

const FORMAT = 'plumbline.class-scores';
const VERSION = 1;
const ROUNDING = 0.01;

/**
 * Both losses of one sample: −ln of the label's probability, clipped and not rescaled (scikit-learn's `log_loss`), and
 * Σ (pₖ − yₖ)², 0 to 2 (its `brier_score_loss` of several classes). Cost: O(classes).
 */
export function classLosses(probabilities: ArrayLike<number>, label: number): { log: number; brier: number } {
  let squares = 0;
  for (let k = 0; k < probabilities.length; k++) squares += (probabilities[k] as number) ** 2;
  const own = probabilities[label] as number;
  const brier = squares + 1 - 2 * own;
  return { log: -Math.log(Math.min(1 - CLIP, Math.max(CLIP, own))), brier: Math.max(0, brier) };
}

/** Whether values are the probabilities of classes: numbers from 0 to 1 that sum to 1 within 0.01. */
export function areProbabilities(values: ArrayLike<unknown>): boolean {
  let sum = 0;
  for (let k = 0; k < values.length; k++) {
    const value = values[k];
    if (typeof value !== 'number' || !(value >= 0 && value <= 1)) return false;
    sum += value;
  }
  return Math.abs(sum - 1) <= ROUNDING;
}

/**
 * The algebra of both losses. The count merges exactly in any order, the sums to within rounding. `record` O(classes), all else O(1).
 * `record` throws `invalid_request` where probabilities are none or do not sum to 1, where the label is no index among them and where the
 * count is no whole number, and leaves the state as it was.
 */
export const classScoreAlgebra: StreamAlgebra<ClassScoreState, ClassScoredSample, ClassScoreReading> = {
  create: () => ({ n: 0, brier: { sum: 0, squares: 0 }, logLoss: { sum: 0, squares: 0 } }),
  record(state, sample) {
    const { probabilities, label, count = 1 } = sampleOf(sample);
    checkList(probabilities, 'probabilities');
    if (!areProbabilities(probabilities)) throw invalid('probabilities: expected numbers from 0 to 1 that sum to 1');
    if (!Number.isSafeInteger(label) || label < 0 || label >= probabilities.length)
      throw invalid(`label: ${String(label)} is not an index among ${probabilities.length} classes`);
    checkCount(count);
    const { log, brier } = classLosses(probabilities, label);
    state.n += count;
    addLoss(state.brier, brier, count);
    addLoss(state.logLoss, log, count);
  },
  merge(state, other) {
    checkKind(other, FORMAT, 'n', 'brier', 'logLoss');
    state.n += other.n;
    for (const field of ['brier', 'logLoss'] as const) {
      state[field].sum += other[field].sum;
      state[field].squares += other[field].squares;
    }
  },
  read: ({ n, brier, logLoss }) => ({
    n: Math.max(0, n),
    brier: meanLoss(brier, n, false),
    logLoss: meanLoss(logLoss, n, false),
  }),
  serialise: ({ n, brier, logLoss }) => ({
    format: FORMAT,
    version: VERSION,
    data: { n, brier: { ...brier }, logLoss: { ...logLoss } },
  }),
  parse(value) {
    const data = fieldsOf(openState(value, FORMAT, VERSION));
    if (!Number.isSafeInteger(data['n'])) throw foreignState('n: expected a whole number');
    const sums = (field: string): LossSums => parseLossSums(data[field], field);
    return { n: data['n'] as number, brier: sums('brier'), logLoss: sums('logLoss') };
  },
};

function invalid(message: string): PlumblineError {
  return new PlumblineError('invalid_request', message, 'A sample is {probabilities, label, count?}.');
}
