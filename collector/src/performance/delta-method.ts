/**
 * The delta method on the multinomial confusion. Every metric of a report is a smooth function of the marginal counts of the
 * confusion (labels, predictions and hits by class, all samples) that does not change when all counts are multiplied alike.
 * Then Σ nᵢ ∂ᵢ = 0 over the cells i (Euler), and the variance ∂ᵀ Σ ∂ of the multinomial is Σ nᵢ ∂ᵢ².
 * A. Agresti, Categorical Data Analysis, 3rd ed., § 16.1; https://en.wikipedia.org/wiki/Delta_method
 */
import type { ConfusionCell } from './confusion.ts';

/** Partial derivatives of a metric by the marginal counts, by class where there is one a class. */
export interface Gradient {
  readonly support: Float64Array;
  readonly predicted: Float64Array;
  readonly truePositives: Float64Array;
  samples: number;
}

/** A gradient of zeros over so many classes. */
export function zeroGradient(classes: number): Gradient {
  return {
    support: new Float64Array(classes),
    predicted: new Float64Array(classes),
    truePositives: new Float64Array(classes),
    samples: 0,
  };
}

/** The derivative by the count of one cell: a sample there is one label, one prediction, maybe a hit, and one sample. */
export function cellDerivative(gradient: Gradient, { actual, predicted, correct }: ConfusionCell): number {
  const margins = (gradient.support[actual] as number) + (gradient.predicted[predicted] as number) + gradient.samples;
  return correct ? margins + (gradient.truePositives[actual] as number) : margins;
}

/** Variance of a metric over samples drawn as these were. 0 of no cells; cost O(cells). */
export function deltaVariance(gradient: Gradient, cells: readonly ConfusionCell[]): number {
  let variance = 0;
  for (const cell of cells) variance += cell.count * cellDerivative(gradient, cell) ** 2;
  return variance;
}

/** Whether a variance is 0 but for rounding: one miss in 10¹⁵ samples still gives samples · variance = 1e-15. */
export function isRounding(variance: number, samples: number): boolean {
  return variance * samples < 1e-20;
}
