/**
 * Scored and labelled samples of a binary model as a stream: counted by bins of the score, so that ROC-AUC and average precision
 * can be bounded whatever the number of samples, with exact sums of the Brier and logarithmic losses.
 */
import { checkEdges, sampleOf } from '../../distribution/arguments.ts';
import { BinFinder } from '../../distribution/bin-finder.ts';
import {
  checkKind,
  foreignState,
  openState,
  type SerialisedState,
  type StreamAlgebra,
} from '../../distribution/state.ts';
import { PlumblineError } from '../../errors.ts';
import type { Measured } from '../measured.ts';
import { fieldsOf } from '../state-fields.ts';
import { checkCount, checkScore } from './checks.ts';
import { logLoss, squaredError } from './losses.ts';
import { addLoss, meanLoss, parseLossSums, type LossSums } from './mean-of-losses.ts';
import { readBinnedCurves, type BinnedArea } from './binned-curves.ts';

/** A scored sample whose label is known. */
export interface ScoredSample {
  /** P(positive class), 0 to 1. */
  readonly score: number;
  /** Whether the label is the positive class. */
  readonly positive: boolean;
  /** How many, a whole number, default 1; negative takes back what was counted before. */
  readonly count?: number;
}

/** Counts by bin, and sums of losses. */
export interface ScoreState {
  readonly edges: readonly number[];
  readonly positives: Float64Array;
  readonly negatives: Float64Array;
  readonly brier: LossSums;
  readonly logLoss: LossSums;
}

/** What a state says. */
export interface ScoreReading {
  readonly n: number;
  readonly positives: number;
  readonly rocAuc: BinnedArea;
  readonly averagePrecision: BinnedArea;
  readonly brier: Measured;
  readonly logLoss: Measured;
}

const FORMAT = 'plumbline.scores';
const VERSION = 1;

/**
 * 202 bins where no reference says how scores are distributed: 0.1 wide in log-odds, 0.025 in the middle and ever finer towards 0
 * and 1, since the scores of rare classes all lie there.
 */
export function logitScoreEdges(): number[] {
  return Array.from({ length: 201 }, (_, index) => 1 / (1 + Math.exp((100 - index) / 10)));
}

/**
 * The algebra of scored samples over fixed bins. Counts merge exactly in any order; the four sums of losses to within rounding
 * (1e-15 of the largest sum). Cost: `record` O(1), all else O(bins). `record` throws `invalid_request` on a score that is no
 * number from 0 to 1, a label that is no truth value and a count that is no whole number, and leaves the state as it was.
 * @param edges upper bounds of all bins but the last, ascending, from 0 to 1 (the reference's quantiles, or `logitScoreEdges`)
 */
export function scoreAlgebra(edges: readonly number[]): StreamAlgebra<ScoreState, ScoredSample, ScoreReading> {
  checkEdges(edges, 'edges');
  const bins = new BinFinder(edges);
  const create = (): ScoreState => ({
    edges,
    positives: new Float64Array(edges.length + 1),
    negatives: new Float64Array(edges.length + 1),
    brier: { sum: 0, squares: 0 },
    logLoss: { sum: 0, squares: 0 },
  });
  return {
    create,
    record(state, sample) {
      const { score, positive, count = 1 } = sampleOf(sample);
      checkScore(score, 'score');
      if (typeof positive !== 'boolean') throw notALabel(positive);
      checkCount(count);
      (positive ? state.positives : state.negatives)[bins.find(score)]! += count;
      addLoss(state.brier, squaredError(score, positive), count);
      addLoss(state.logLoss, logLoss(score, positive), count);
    },
    merge(state, other) {
      checkKind(other, FORMAT, 'positives', 'negatives', 'logLoss');
      if (!sameEdges(state.edges, other.edges)) throw foreignState('edges: the scores were counted in other bins');
      for (const field of ['positives', 'negatives'] as const)
        for (let bin = 0; bin < state[field].length; bin++) state[field][bin]! += other[field][bin] as number;
      for (const field of ['brier', 'logLoss'] as const) {
        state[field].sum += other[field].sum;
        state[field].squares += other[field].squares;
      }
    },
    read: readScores,
    serialise: serialiseScores,
    parse: (value) => parseScores(openState(value, FORMAT, VERSION), create()),
  };
}

function sameEdges(a: readonly number[], b: readonly number[]): boolean {
  return a === b || (a.length === b.length && a.every((edge, index) => edge === b[index]));
}

function readScores(state: ScoreState): ScoreReading {
  const { positives, n, rocAuc, averagePrecision } = readBinnedCurves(state.positives, state.negatives);
  return {
    n,
    positives,
    rocAuc,
    averagePrecision,
    brier: meanLoss(state.brier, n, true),
    logLoss: meanLoss(state.logLoss, n, false),
  };
}

function serialiseScores({ edges, positives, negatives, brier, logLoss: log }: ScoreState): SerialisedState {
  const counts = { positives: Array.from(positives), negatives: Array.from(negatives) };
  const data = { edges: [...edges], ...counts, brier: { ...brier }, logLoss: { ...log } };
  return { format: FORMAT, version: VERSION, data };
}

function parseScores(value: unknown, empty: ScoreState): ScoreState {
  const data = fieldsOf(value);
  const edges = data['edges'];
  if (!Array.isArray(edges) || !sameEdges(empty.edges, edges as number[]))
    throw foreignState('edges: the scores were counted in other bins');
  for (const field of ['positives', 'negatives'] as const) {
    const counts = data[field];
    if (!Array.isArray(counts) || counts.length !== empty[field].length || !counts.every(Number.isSafeInteger))
      throw foreignState(`${field}: expected a whole number per bin`);
    empty[field].set(counts as number[]);
  }
  for (const field of ['brier', 'logLoss'] as const) Object.assign(empty[field], parseLossSums(data[field], field));
  return empty;
}

function notALabel(value: unknown): PlumblineError {
  const message = `positive: expected true or false, got ${String(value)}`;
  return new PlumblineError('invalid_request', message, 'Say whether the label is the positive class.');
}
