/** Agreement beyond chance: Matthews correlation and Cohen's kappa with their 95 % intervals. */
import type { ConfusionReading } from './confusion.ts';
import { deltaVariance, isRounding, zeroGradient, type Gradient } from './delta-method.ts';
import { UNMEASURED, type Measured } from './measured.ts';
import { wilsonInterval, Z_95 } from './wilson.ts';

/** A coefficient in [−1, 1] and what its interval needs. */
export interface Coefficient {
  readonly value: number;
  readonly gradient: Gradient;
  /** What a share of right predictions is worth where the margins stay: the coefficient is linear in it. */
  readonly perAccuracy: number;
}

/**
 * Matthews correlation coefficient, for any number of classes Gorodkin's R_K, as scikit-learn `matthews_corrcoef`: 0 where all
 * labels or all predictions are one class (0/0, which says nothing: such a 0 has no interval). n = 0: null. Cost: O(classes + cells).
 */
export function matthewsCorrelation(reading: ConfusionReading): Measured {
  if (reading.samples === 0) return UNMEASURED;
  const coefficient = matthewsCoefficient(reading);
  if (!coefficient) return { value: 0, n: reading.samples, low: null, high: null };
  return measuredCoefficient(coefficient, reading);
}

/**
 * Cohen's kappa (unweighted), as scikit-learn `cohen_kappa_score`, but null where that is nan: all labels and all predictions
 * are one and the same class. n = 0: null. Cost: O(classes + cells).
 */
export function cohenKappa(reading: ConfusionReading): Measured {
  if (reading.samples === 0) return UNMEASURED;
  const coefficient = kappaCoefficient(reading);
  if (!coefficient) return { value: null, n: reading.samples, low: null, high: null };
  return measuredCoefficient(coefficient, reading);
}

/**
 * The delta method, stretched towards either end as Wilson's interval of the accuracy is stretched beside the plain one. Where
 * there is no variance to see (all right, all wrong, always the same guess) Wilson's ends of the accuracy are put in its place
 * with the margins as they are: conservative, never of zero width.
 */
function measuredCoefficient(coefficient: Coefficient, reading: ConfusionReading): Measured {
  const { gradient, perAccuracy } = coefficient;
  const value = Math.max(-1, Math.min(1, coefficient.value)); // rounding
  const { samples, correct, cells } = reading;
  const accuracy = correct / samples;
  const error = Math.sqrt((accuracy * ((samples - correct) / samples)) / samples);
  const variance = deltaVariance(gradient, cells);
  const blind = error === 0 || isRounding(variance, samples);
  const half = (reach: number): number => {
    const stretch = error === 0 ? 1 : reach / (Z_95 * error);
    return Math.hypot(Z_95 * stretch * Math.sqrt(variance), blind ? reach * perAccuracy : 0);
  };
  const { low, high } = wilsonInterval(correct, samples);
  return {
    value,
    n: samples,
    low: Math.max(-1, value - half(accuracy - low)),
    high: Math.min(1, value + half(high - accuracy)),
    method: 'delta',
  };
}

/**
 * A / √(B · C) with A = c·n − Σ sₖpₖ, B = n² − Σ pₖ², C = n² − Σ sₖ², written as sums of what is off the diagonal: n² is far
 * beyond 2⁵³ and would swallow it. @returns undefined where B or C is 0
 */
export function matthewsCoefficient({ samples: n, correct, classes }: ConfusionReading): Coefficient | undefined {
  let [a, b, c] = [-n * (n - correct), 0, 0];
  for (const { support, predicted } of classes) {
    a += support * (n - predicted);
    b += predicted * (n - predicted);
    c += support * (n - support);
  }
  if (b === 0 || c === 0) return undefined;
  const scale = Math.sqrt(b) * Math.sqrt(c);
  const value = a / scale;
  const gradient = zeroGradient(classes.length);
  classes.forEach(({ support, predicted }, index) => {
    gradient.support[index] = (n - predicted) / scale - (value / 2) * ((n - 2 * support) / c);
    gradient.predicted[index] = -support / scale - (value / 2) * ((n - 2 * predicted) / b);
    gradient.truePositives[index] = n / scale;
  });
  gradient.samples = (correct - n) / scale - (value / 2) * (n / b + n / c);
  return { value, gradient, perAccuracy: (n / scale) * n };
}

/** 1 − n · (n − c) / Σ sₖ(n − pₖ). @returns undefined where the sum is 0 */
export function kappaCoefficient({ samples: n, correct, classes }: ConfusionReading): Coefficient | undefined {
  const chance = classes.reduce((sum, { support, predicted }) => sum + support * (n - predicted), 0);
  if (chance === 0) return undefined;
  const disagreement = (n / chance) * (n - correct);
  const gradient = zeroGradient(classes.length);
  classes.forEach(({ support, predicted }, index) => {
    gradient.support[index] = (disagreement * (n - predicted)) / chance;
    gradient.predicted[index] = (-disagreement * support) / chance;
    gradient.truePositives[index] = n / chance;
  });
  gradient.samples = (disagreement * n - (2 * n - correct)) / chance;
  return { value: 1 - disagreement, gradient, perAccuracy: (n / chance) * n };
}
