/** What is reported of labelled predictions, whatever the task: one shape, so that a reader need not know the task beforehand. */
import type { BinaryReport } from '../performance/binary-report.ts';
import type { BusinessValue } from '../performance/business-value.ts';
import type { CalibrationError, ReliabilityBin } from '../performance/calibration/calibration-error.ts';
import type { ClassificationMetricName, ClassMetrics } from '../performance/classification-metrics.ts';
import type { BinnedEstimates } from '../performance/estimates/binned-cbpe.ts';
import type { LossEstimates } from '../performance/estimates/loss-estimation.ts';
import { UNMEASURED, type Measured } from '../performance/measured.ts';
import type { MultilabelMetricName } from '../performance/multilabel-metrics.ts';
import type { RegressionMetricName, RegressionReading } from '../performance/regression/regression-metrics.ts';

/** Metrics of scores; what chance alone makes of `ece` stands in `calibration`. */
export type ScoreMetricName = 'roc_auc' | 'average_precision' | 'brier' | 'log_loss' | 'ece';

/** Every metric by its name in the HTTP API. Those that do not apply to the task or its rows are null with n 0, or absent. */
export type Metrics = Readonly<Record<ClassificationMetricName, Measured>> &
  Readonly<Partial<Record<ScoreMetricName | RegressionMetricName | MultilabelMetricName, Measured>>>;

/** What scores say beside the metrics. */
export interface Calibration extends CalibrationError {
  readonly bins: readonly ReliabilityBin[];
}

/** Performance estimated for all predictions, labelled or not, by what the labelled ones of this process say. */
export type Estimates = Partial<BinnedEstimates> & Partial<LossEstimates>;

/** What is reported of some labelled predictions. */
export interface Answers {
  readonly metrics: Metrics;
  /** Per class (of several labels: per label); empty for a regression. */
  readonly classes: readonly ClassMetrics[];
  /** The positive class against the rest; null where none is declared. */
  readonly binary: BinaryReport | null;
  /** What the predictions were worth; null without a value matrix, or where a class beyond the declared ones occurred. */
  readonly value: BusinessValue | null;
  /** Whether scores are probabilities; null without scores. */
  readonly calibration: Calibration | null;
  /** Estimates without labels: they cannot see concept drift. Null without scores (regression: without a prediction). */
  readonly estimated: Estimates | null;
  /** Quantiles of prediction − label of a regression, else null. */
  readonly residuals: RegressionReading['residuals'] | null;
}

const NAMES: readonly ClassificationMetricName[] = [
  'accuracy',
  ...(['precision', 'recall', 'f1'] as const).flatMap((rate) =>
    (['weighted', 'macro', 'micro'] as const).map((average): ClassificationMetricName => `${rate}_${average}`),
  ),
  'specificity_weighted',
  'specificity_macro',
  'balanced_accuracy',
  'mcc',
  'cohen_kappa',
];

/** The metrics of a classifier where there is none. */
export const NOT_CLASSIFIED = Object.freeze(
  Object.fromEntries(NAMES.map((name) => [name, UNMEASURED])),
) as unknown as Readonly<Record<ClassificationMetricName, Measured>>;

/** Answers of a task that has none of these. */
export const NO_ANSWERS = Object.freeze({
  classes: [],
  binary: null,
  value: null,
  calibration: null,
  estimated: null,
  residuals: null,
});
