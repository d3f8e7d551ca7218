/**
 * The same estimates from the counters of calibration alone, so that they add up over windows and replicas: the labelled part says
 * how often the positive class comes true in each cell (bin of the score × what was predicted), and every prediction counts with the
 * rate of its cell. In PromQL, accuracy is Σ predictions · correct / labeled ÷ Σ predictions over the cells.
 *
 * Within 0.01 of NannyML's CBPE with isotonic calibration on 20,000 rows (test/golden/performance/estimates/): a cell is a step of
 * 1/15, over which a calibrated rate is taken to be constant.
 */
import { CALIBRATION_BINS, checkCalibration, type CalibrationState } from '../calibration/calibration-state.ts';
import { estimatedRocAuc, estimateFrom, type BinaryEstimates } from './groups.ts';
import { isotonicFit } from './isotonic.ts';

/** Estimates, and how far they rest on labels. */
export interface BinnedEstimates extends BinaryEstimates {
  /** Share of the predictions whose cell has at least 20 labels; null of none. The rest leans on the score itself. */
  readonly calibrated_share: number | null;
}

/** Counts by fine bins of the score, ascending (scores/score-state.ts): for ROC-AUC, which 15 bins tie too much. */
export interface FineScores {
  /** Predictions whose metrics are wanted. */
  readonly predictions: ArrayLike<number>;
  /** Labelled ones that calibrate. */
  readonly positives: ArrayLike<number>;
  readonly negatives: ArrayLike<number>;
}

/** Labels from which a cell speaks for itself. */
const ENOUGH = 20;
/** The score counts as so many labels: with none it is all there is, with 20 it moves a rate by at most 5 %. */
const PRIOR = 1;

/**
 * Estimates for predictions by the labels of others.
 * @param wanted whose metrics are wanted: their counts per cell are used
 * @param labels what calibrates: their labelled counts are used (often a longer time, or all there is)
 * @param fine the same by fine bins; without them ROC-AUC is that of 15 bins, too low by 0.01 and, of rare classes, by 0.04
 * @returns null of no prediction. Counts below 0 read as 0. Cost: 30 cells and the fine bins.
 */
export function binnedCbpe(
  wanted: Pick<CalibrationState, 'predictions'>,
  labels: Omit<CalibrationState, 'predictions'>,
  fine?: FineScores,
): BinnedEstimates {
  checkCalibration(wanted, ['predictions']);
  checkCalibration(labels, ['labeled', 'correct', 'score']);
  const { predictions } = wanted;
  const cells = Array.from({ length: 2 * CALIBRATION_BINS }, (_, index) => {
    // By ascending bin, and within it first those not predicted positive.
    const bin = index >> 1;
    const side = index & 1;
    const cell = bin + side * CALIBRATION_BINS;
    return {
      rank: bin,
      predicted: side,
      count: Math.max(0, predictions[cell] as number),
      ...rateOf(labels, cell, side),
    };
  });
  const n = cells.reduce((sum, { count }) => sum + count, 0);
  const known = cells.reduce((sum, { count, enough }) => sum + (enough ? count : 0), 0);
  const column = (field: 'rank' | 'predicted' | 'count' | 'probability' | 'uncertainty'): number[] =>
    cells.map((cell) => cell[field]);
  const estimates = estimateFrom({
    rank: column('rank'),
    predicted: column('predicted'),
    count: column('count'),
    probability: column('probability'),
    uncertainty: column('uncertainty'),
  });
  return {
    ...estimates,
    // Without a label there is nothing to fit: then, as elsewhere here, the score itself is all there is.
    ...(fine && isLabeled(fine) && { roc_auc: fineRocAuc(fine) }),
    calibrated_share: n === 0 ? null : known / n,
  };
}

function isLabeled({ positives, negatives }: FineScores): boolean {
  return [positives, negatives].some((counts) => Array.from(counts).some((count) => count > 0));
}

/** The rate of positives is taken to rise with the score: what does not rise is pooled, as NannyML's isotonic calibration does. */
function fineRocAuc({ predictions, positives, negatives }: FineScores): BinaryEstimates['roc_auc'] {
  const hits = Array.from(positives, (count) => Math.max(0, count));
  const labels = hits.map((count, bin) => count + Math.max(0, negatives[bin] as number));
  const { value, weight } = isotonicFit(
    hits.map((count, bin) => count / (labels[bin] as number)),
    labels,
  );
  return estimatedRocAuc({
    rank: hits.map((_, bin) => bin),
    count: Array.from(predictions, (count) => Math.max(0, count)),
    probability: value,
    uncertainty: value.map((p, bin) => rateVariance(p, weight[bin] as number)),
    predicted: hits.map(() => 1),
  });
}

/** Variance of a rate among so many labels. A step of positives alone is not sure to be pure: half a label of either kind is added. */
function rateVariance(rate: number, labels: number): number {
  const cautious = (rate * labels + 0.5) / (labels + 1);
  return (cautious * (1 - cautious)) / (labels + 1);
}

/** P(positive) in a cell: its positives among its labels, with the score as one label more; and the variance of that. */
function rateOf({ labeled, correct, score }: Omit<CalibrationState, 'predictions'>, cell: number, side: number) {
  const n = Math.max(0, labeled[cell] as number);
  const right = Math.min(n, Math.max(0, correct[cell] as number));
  const middle = ((cell % CALIBRATION_BINS) + 0.5) / CALIBRATION_BINS;
  const mean = n > 0 ? Math.min(1, Math.max(0, (score[cell] as number) / n)) : middle;
  const probability = ((side === 1 ? right : n - right) + PRIOR * mean) / (n + PRIOR);
  return { probability, uncertainty: (probability * (1 - probability)) / (n + PRIOR), enough: n >= ENOUGH };
}
