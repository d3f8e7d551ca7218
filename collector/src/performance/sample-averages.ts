/** Averages over samples that have several labels: each sample counts as one, however its labels hang together. */
import { UNMEASURED, type Measured } from './measured.ts';
import type { SampleShape } from './multilabel.ts';
import { wilsonOfMean } from './wilson.ts';

/** A fraction of one sample, its part ≤ its whole. */
export type Fraction = (shape: SampleShape) => readonly [part: number, whole: number];

/**
 * The mean over samples of each one's own fraction, 0 where that is 0/0, as scikit-learn's `average="samples"` with
 * `zero_division=0`. Interval: Wilson's at the effective number of trials. No samples: null. Cost: O(shapes).
 */
export function meanOverSamples(shapes: readonly SampleShape[], fraction: Fraction): Measured {
  const n = shapes.reduce((sum, { count }) => sum + count, 0);
  if (n === 0) return UNMEASURED;
  const values = shapes.map((shape) => {
    const [part, whole] = fraction(shape);
    return { count: shape.count, own: whole === 0 ? 0 : part / whole };
  });
  const value = values.reduce((sum, { count, own }) => sum + (count / n) * own, 0);
  const variance = values.reduce((sum, { count, own }) => sum + (count / n) * (own - value) ** 2, 0) / n;
  const mean = Math.min(1, value); // rounding
  return { value: mean, n, ...wilsonOfMean(mean, variance, n), method: 'wilson' };
}

/**
 * The parts of all samples over their wholes, as scikit-learn's `average="micro"`; 0 without interval where there is no whole.
 * Interval: the variance is that of a ratio of means over samples, Σ (part − ratio · whole)² / (Σ whole)² (W. G. Cochran,
 * Sampling Techniques, § 6.4), Wilson's at the effective number of trials; trials without variance are the samples that have a
 * whole. No samples: null. Cost: O(shapes).
 */
export function ratioOfSums(shapes: readonly SampleShape[], fraction: Fraction): Measured {
  const n = shapes.reduce((sum, { count }) => sum + count, 0);
  if (n === 0) return UNMEASURED;
  const sums = shapes.map((shape) => ({ count: shape.count, fraction: fraction(shape) }));
  const parts = sums.reduce((sum, { count, fraction: [part] }) => sum + count * part, 0);
  const wholes = sums.reduce((sum, { count, fraction: [, whole] }) => sum + count * whole, 0);
  if (wholes === 0) return { value: 0, n, low: null, high: null };
  const value = parts / wholes;
  const variance = sums.reduce((sum, { count, fraction: [part, whole] }) => {
    return sum + count * ((part - value * whole) / wholes) ** 2;
  }, 0);
  const concerned = sums.reduce((sum, { count, fraction: [, whole] }) => (whole > 0 ? sum + count : sum), 0);
  return { value, n, ...wilsonOfMean(value, variance, concerned), method: 'wilson' };
}
