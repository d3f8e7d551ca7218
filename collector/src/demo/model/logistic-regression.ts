/**
 * Logistic regression with a small ridge, fitted by Newton's method: deterministic, and done in a few passes over the rows.
 * This is the demo's stand-in for the user's model; the SDK knows nothing of it.
 */
import { solvePositiveDefinite } from './linear-system.ts';
import { fitScale, scaled, type Scale } from './standardise.ts';

/** Keeps the system solvable for constant features: their weight stays exactly 0. */
const RIDGE = 1;
const MAX_STEPS = 25;
const CONVERGED = 1e-9;

/** A trained binary classifier. */
export class LogisticRegression {
  readonly #scale: Scale;
  /** Intercept first. */
  readonly #weights: Float64Array;

  constructor(scale: Scale, weights: Float64Array) {
    this.#scale = scale;
    this.#weights = weights;
  }

  /** Intercept, then one weight per standardised feature. */
  get weights(): readonly number[] {
    return Array.from(this.#weights);
  }

  /** P(class 1), strictly from the features of this one row. */
  probability(features: Float64Array): number {
    return sigmoid(dot(withIntercept(scaled(features, this.#scale)), this.#weights));
  }
}

/**
 * Fits on rows of features and their classes.
 * @param targets 0 or 1 per row
 */
export function trainLogisticRegression(rows: readonly Float64Array[], targets: readonly number[]): LogisticRegression {
  const scale = fitScale(rows);
  const inputs = rows.map((row) => withIntercept(scaled(row, scale)));
  const weights = new Float64Array((rows[0]?.length ?? 0) + 1);
  for (let step = 0; step < MAX_STEPS; step++) {
    const { gradient, hessian } = derivatives(inputs, targets, weights);
    const change = solvePositiveDefinite(hessian, gradient);
    change.forEach((value, index) => (weights[index] = (weights[index] as number) + value));
    if (change.every((value) => Math.abs(value) < CONVERGED)) break;
  }
  return new LogisticRegression(scale, weights);
}

/** First and (negative) second derivative of the penalised log-likelihood; the intercept is not penalised. */
function derivatives(inputs: readonly Float64Array[], targets: readonly number[], weights: Float64Array) {
  const width = weights.length;
  const gradient = weights.map((weight, index) => (index === 0 ? 0 : -RIDGE * weight));
  const hessian = Array.from({ length: width }, (_, row) => {
    const line = new Float64Array(width);
    if (row > 0) line[row] = RIDGE;
    return line;
  });
  inputs.forEach((input, index) => {
    const p = sigmoid(dot(input, weights));
    const error = (targets[index] as number) - p;
    const curvature = p * (1 - p);
    for (let row = 0; row < width; row++) {
      const value = input[row] as number;
      gradient[row] = (gradient[row] as number) + error * value;
      const line = hessian[row] as Float64Array;
      for (let column = 0; column < width; column++)
        line[column] = (line[column] as number) + curvature * value * (input[column] as number);
    }
  });
  return { gradient, hessian };
}

function withIntercept(row: Float64Array): Float64Array {
  const input = new Float64Array(row.length + 1);
  input[0] = 1;
  input.set(row, 1);
  return input;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += (a[index] as number) * (b[index] as number);
  return sum;
}

function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}
