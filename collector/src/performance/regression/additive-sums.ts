/** What one labelled prediction adds to the counters `ml.regression.*`: parts that only grow, so that `increase()` can be taken. */
import { SMALLEST_LABEL } from './regression-sums.ts';

/** The counters, in the order of their table. */
export const REGRESSION_COUNTERS = [
  'count',
  'overshoot',
  'undershoot',
  'squared_error',
  'percentage_error',
  'label.above',
  'label.below',
  'label.squared',
] as const;

/** One of them. */
export type RegressionCounter = (typeof REGRESSION_COUNTERS)[number];

/**
 * Increments of the eight counters: 1; the positive and the negative part of predicted − actual; its square; |predicted − actual| over
 * |actual| (at least 2⁻⁵²: a label of 0 makes it huge, as in scikit-learn); the positive and the negative part of actual − `mean`, and
 * its square. Then MAE = (overshoot + undershoot)/count, bias = (overshoot − undershoot)/count, MSE = squared_error/count,
 * R² = 1 − squared_error / (label.squared − (label.above − label.below)²/count), which keeps fewer digits the further the labels' mean
 * is from `mean` in standard deviations. @param mean the reference's mean label, 0 without one. All finite or the caller leaves it out.
 */
export function additiveSums(actual: number, predicted: number, mean: number): readonly number[] {
  const error = predicted - actual;
  const deviation = actual - mean;
  return [
    1,
    Math.max(0, error),
    Math.max(0, -error),
    error * error,
    Math.abs(error) / Math.max(Math.abs(actual), SMALLEST_LABEL),
    Math.max(0, deviation),
    Math.max(0, -deviation),
    deviation * deviation,
  ];
}
