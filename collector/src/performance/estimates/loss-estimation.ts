/**
 * Error of a regression without labels: a binned form of direct loss estimation. Where NannyML's DLE trains a second model on all
 * features to predict the error of the first, this takes the mean error of the labelled predictions in each bin of the predicted
 * value. It needs no training and its counts add up, but it sees only what shows in the predicted value: errors that grow with it
 * (the common case), not those that depend on another feature. Neither sees concept drift.
 */
import { checkEdges, sampleOf } from '../../distribution/arguments.ts';
import { BinFinder } from '../../distribution/bin-finder.ts';
import { checkKind, foreignState, openState, type StreamAlgebra } from '../../distribution/state.ts';
import { PlumblineError } from '../../errors.ts';
import { UNMEASURED } from '../measured.ts';
import { fieldsOf } from '../state-fields.ts';
import { Z_95 } from '../wilson.ts';
import type { Estimated } from './groups.ts';

/** Per bin of the predicted value. */
export interface LossState {
  readonly edges: readonly number[];
  /** All predictions. */
  readonly predictions: Float64Array;
  /** Those whose label is known, and sums of |e|, e² and e⁴ over them, e = predicted − actual. */
  readonly labeled: Float64Array;
  readonly absolute: Float64Array;
  readonly squared: Float64Array;
  readonly fourth: Float64Array;
}

/** A prediction, or the label of one. */
export interface LossSample {
  readonly predicted: number;
  /** Missing when the prediction is made. */
  readonly actual?: number;
  /** How many, a whole number, default 1; negative takes back what was counted before. */
  readonly count?: number;
}

/** Estimated errors. */
export interface LossEstimates {
  readonly mae: Estimated;
  readonly rmse: Estimated;
  /** Share of the predictions whose bin has at least 20 labels; null of none. */
  readonly calibrated_share: number | null;
}

const FORMAT = 'plumbline.loss';
const VERSION = 1;
const FIELDS = ['predictions', 'labeled', 'absolute', 'squared', 'fourth'] as const;
/** A mean with the variance of its estimate. */
interface Mean {
  readonly value: number;
  readonly variance: number;
}

/** Labels from which a bin speaks for itself. */
const ENOUGH = 20;

/**
 * The algebra over fixed bins; counts merge exactly in any order, sums to within rounding. `record` O(1), all else O(bins). `record`
 * throws `invalid_request` on what is no finite number and on a count that is no whole number, and leaves the state as it was.
 * @param edges upper bounds of all bins but the last, ascending: the reference's quantiles of the predicted value
 */
export function lossAlgebra(edges: readonly number[]): StreamAlgebra<LossState, LossSample, LossEstimates> {
  checkEdges(edges, 'edges');
  const bins = new BinFinder(edges);
  const column = (): Float64Array => new Float64Array(edges.length + 1);
  const create = (): LossState => ({
    ...{ edges, predictions: column(), labeled: column() },
    ...{ absolute: column(), squared: column(), fourth: column() },
  });
  return {
    create,
    record(state, sample) {
      const { predicted, actual, count = 1 } = sampleOf(sample);
      checkNumber(predicted, 'predicted');
      if (actual !== undefined) checkNumber(actual, 'actual');
      if (!Number.isSafeInteger(count)) throw invalid(`count: expected a whole number, got ${String(count)}`);
      const bin = bins.find(predicted);
      if (actual === undefined) state.predictions[bin]! += count;
      else addLoss(state, bin, predicted - actual, count);
    },
    merge(state, other) {
      checkKind(other, FORMAT, ...FIELDS, 'edges');
      if (!sameEdges(state.edges, other.edges)) throw foreignState('edges: the predictions were counted in other bins');
      for (const field of FIELDS)
        for (let bin = 0; bin <= edges.length; bin++) state[field][bin]! += other[field][bin] as number;
    },
    read: (state) => estimateLoss(state, state),
    serialise: (state) => ({
      format: FORMAT,
      version: VERSION,
      data: { edges: [...edges], ...Object.fromEntries(FIELDS.map((field) => [field, Array.from(state[field])])) },
    }),
    parse(value) {
      const data = fieldsOf(openState(value, FORMAT, VERSION));
      const state = create();
      if (!Array.isArray(data['edges']) || !sameEdges(edges, data['edges'] as number[]))
        throw foreignState('edges: the predictions were counted in other bins');
      for (const field of FIELDS) {
        const cells = data[field];
        if (!Array.isArray(cells) || cells.length !== edges.length + 1 || !cells.every(Number.isFinite))
          throw foreignState(`${field}: expected a number per bin`);
        state[field].set(cells as number[]);
      }
      return state;
    },
  };
}

/**
 * Estimated errors of predictions by the labels of others (often of a longer time). A bin with fewer than 20 labels takes the mean of
 * the nearest that has them; where none has, all labels together speak. The 95 % interval (normal for MAE, delta method for RMSE) is
 * where the errors of these predictions will lie once their labels are there, if bins keep their errors.
 * @param wanted whose errors are wanted @param labels what says how large they are, over the same bins
 * @returns null of no prediction, or of fewer than 20 labels in all. Cost: O(bins²).
 */
export function estimateLoss(wanted: Pick<LossState, 'predictions'>, labels: LossState): LossEstimates {
  checkKind(wanted, FORMAT, 'predictions');
  checkKind(labels, FORMAT, ...FIELDS);
  const { predictions } = wanted;
  const counts = predictions.map((count) => Math.max(0, count));
  const n = sumOf(counts);
  const enough = Array.from(labels.labeled, (count) => count >= ENOUGH);
  const share = n === 0 ? null : sumOf(counts.filter((_, bin) => enough[bin])) / n;
  if (n === 0 || sumOf(labels.labeled) < ENOUGH) {
    const none: Estimated = { ...UNMEASURED, n, estimated: true };
    return { mae: none, rmse: none, calibrated_share: share };
  }
  const absolute = meanOver(counts, binsOf(labels, enough, 'absolute', 'squared'));
  const squared = meanOver(counts, binsOf(labels, enough, 'squared', 'fourth'));
  return { mae: normal(absolute, n), rmse: root(squared, n), calibrated_share: share };
}

/** What speaks for each bin: how many labels, their mean loss, and its variance. */
function binsOf(
  labels: LossState,
  enough: readonly boolean[],
  loss: 'absolute' | 'squared',
  square: 'squared' | 'fourth',
) {
  const own = Array.from(labels.labeled, (size, bin) =>
    speaker(size, labels[loss][bin] as number, labels[square][bin] as number),
  );
  const all = speaker(sumOf(labels.labeled), sumOf(labels[loss]), sumOf(labels[square]));
  const known = own.flatMap((_, bin) => (enough[bin] ? [bin] : []));
  const nearest = (bin: number): number =>
    known.reduce((best, other) => (Math.abs(other - bin) < Math.abs(best - bin) ? other : best), known[0] as number);
  return own.map((_, bin) => (known.length === 0 ? all : (own[nearest(bin)] as typeof all)));
}

function speaker(size: number, sum: number, squares: number) {
  const mean = sum / size;
  return { size, mean, spread: Math.max(0, squares / size - mean * mean) };
}

/** The mean over predictions, with the variance of the losses to come and of the means that stand for them. */
function meanOver(counts: Float64Array, bins: readonly ReturnType<typeof speaker>[]): Mean {
  const n = sumOf(counts);
  let [value, variance] = [0, 0];
  counts.forEach((count, bin) => {
    const { size, mean, spread } = bins[bin] as ReturnType<typeof speaker>;
    value += (count / n) * mean;
    variance += spread * (count / (n * n) + (count / n) ** 2 / size);
  });
  return { value, variance };
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function normal({ value, variance }: Mean, n: number): Estimated {
  const reach = Z_95 * Math.sqrt(variance);
  return { value, n, low: Math.max(0, value - reach), high: value + reach, method: 'normal', estimated: true };
}

function root({ value: square, variance }: Mean, n: number): Estimated {
  const value = Math.sqrt(square);
  const reach = value > 0 ? (Z_95 * Math.sqrt(variance)) / (2 * value) : 0;
  return { value, n, low: Math.max(0, value - reach), high: value + reach, method: 'delta', estimated: true };
}

function addLoss(state: LossState, bin: number, error: number, count: number): void {
  const square = error * error;
  state.labeled[bin]! += count;
  state.absolute[bin]! += count * Math.abs(error);
  state.squared[bin]! += count * square;
  state.fourth[bin]! += count * square * square;
}

function sameEdges(a: readonly number[], b: readonly number[]): boolean {
  return a === b || (a.length === b.length && a.every((edge, index) => edge === b[index]));
}

function checkNumber(value: unknown, field: string): void {
  if (typeof value === 'number' && Number.isFinite(value)) return;
  throw invalid(`${field}: ${String(value)} is not a finite number`);
}

function invalid(message: string): PlumblineError {
  return new PlumblineError('invalid_request', message, 'A sample is {predicted, actual?, count?}.');
}
