/** Isotonic regression: the rising steps that fit best. */

/** The fit at each point, and the weight of the step it belongs to. */
export interface IsotonicFit {
  readonly value: Float64Array;
  readonly weight: Float64Array;
}

/**
 * The non-decreasing sequence with the least Σ weight · (value − mean)², by pooling adjacent violators (M. Ayer et al., 1955), as
 * scikit-learn's `isotonic_regression`. Points of weight 0 take the value of the step below them, at the lower end of the one above;
 * where all weigh 0 every value is NaN. Cost: O(points).
 * @param means @param weights of the points in order, not negative
 */
export function isotonicFit(means: ArrayLike<number>, weights: ArrayLike<number>): IsotonicFit {
  const steps: { sum: number; weight: number; to: number }[] = [];
  for (let point = 0; point < weights.length; point++) {
    const weight = weights[point] as number;
    if (!(weight > 0)) continue;
    let step = { sum: weight * (means[point] as number), weight, to: point };
    for (let last = steps.at(-1); last && last.sum / last.weight >= step.sum / step.weight; last = steps.at(-1)) {
      steps.pop();
      step = { sum: last.sum + step.sum, weight: last.weight + step.weight, to: point };
    }
    steps.push(step);
  }
  const value = new Float64Array(weights.length).fill(Number.NaN);
  const weight = new Float64Array(weights.length);
  steps.forEach((step, index) => {
    const from = index === 0 ? 0 : (steps[index - 1] as { to: number }).to + 1;
    const to = index === steps.length - 1 ? weights.length : step.to + 1;
    value.fill(step.sum / step.weight, from, to);
    weight.fill(step.weight, from, to);
  });
  // A gap belongs to the step below it.
  for (let point = 1; point < weights.length; point++) {
    if ((weights[point] as number) > 0 || Number.isNaN(value[point - 1] as number)) continue;
    if (point <= (steps[0] as { to: number }).to) continue;
    value[point] = value[point - 1] as number;
    weight[point] = weight[point - 1] as number;
  }
  return { value, weight };
}
