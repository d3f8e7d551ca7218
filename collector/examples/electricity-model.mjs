// The model of the Electricity example, small enough to read: logistic regression on a row's own features, their squares and products,
// and the time of day as a circle. Nothing of another row goes in, so nothing of the future can.
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

export const FEATURES = ['period', 'nswprice', 'nswdemand', 'vicprice', 'vicdemand', 'transfer'];

/** Value of an argument `--name VALUE`; a missing one ends the program, unless it may be missing. */
export function argument(name, isOptional = false) {
  const index = process.argv.indexOf(`--${name}`);
  const value = index < 0 ? undefined : process.argv[index + 1];
  if (value === undefined && !isOptional) {
    console.error(`--${name}: is missing`);
    process.exit(2);
  }
  return value;
}

/** The rows of a file of JSON lines. */
export async function* rowsOf(path) {
  for await (const line of createInterface({ input: createReadStream(path) })) if (line !== '') yield JSON.parse(line);
}

/** Inputs of the regression from the features of one row; undefined where one is missing. */
export function inputsOf(features) {
  const values = FEATURES.map((name) => features[name]);
  if (!values.every((value) => typeof value === 'number' && Number.isFinite(value))) return undefined;
  const angle = 2 * Math.PI * values[0];
  const circle = [Math.sin(angle), Math.cos(angle), Math.sin(2 * angle), Math.cos(2 * angle)];
  const plain = [...values.slice(1), ...circle];
  const products = plain.flatMap((value, i) => plain.slice(i).map((other) => value * other));
  return [...plain, ...products];
}

/** P(class 1) by a trained model. */
export function probability({ mean, deviation, weights }, inputs) {
  let sum = weights[0];
  for (let i = 0; i < inputs.length; i++) sum += (weights[i + 1] * (inputs[i] - mean[i])) / deviation[i];
  return 1 / (1 + Math.exp(-sum));
}

/** Fits by Newton's method with a ridge. Each sample is {inputs, target: 0 or 1, weight}. */
export function fit(samples, ridge) {
  const width = samples[0].inputs.length;
  const mean = column(width, (i) => average(samples.map(({ inputs }) => inputs[i])));
  const deviation = column(
    width,
    (i) => Math.sqrt(average(samples.map(({ inputs }) => (inputs[i] - mean[i]) ** 2))) || 1,
  );
  const rows = samples.map(({ inputs }) => [1, ...inputs.map((value, i) => (value - mean[i]) / deviation[i])]);
  let weights = column(width + 1, () => 0);
  for (let step = 0; step < 25; step++) {
    const gradient = weights.map((weight, i) => (i === 0 ? 0 : -ridge * weight));
    const curvature = weights.map((_, i) => column(width + 1, (j) => (i === j && i > 0 ? ridge : 0)));
    rows.forEach((row, n) => {
      const p = 1 / (1 + Math.exp(-row.reduce((sum, value, i) => sum + value * weights[i], 0)));
      const [error, bend] = [samples[n].weight * (samples[n].target - p), samples[n].weight * p * (1 - p)];
      for (let i = 0; i <= width; i++) {
        gradient[i] += error * row[i];
        for (let j = 0; j <= i; j++) curvature[i][j] += bend * row[i] * row[j];
      }
    });
    const change = solve(curvature, gradient);
    weights = weights.map((weight, i) => weight + change[i]);
    if (change.every((value) => Math.abs(value) < 1e-6)) break;
  }
  return { mean, deviation, weights };
}

/** Solves a symmetric positive definite system, given by its lower half (Cholesky). */
function solve(matrix, right) {
  const size = right.length;
  const lower = matrix.map(() => new Float64Array(size));
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) {
      let value = matrix[i][j];
      for (let k = 0; k < j; k++) value -= lower[i][k] * lower[j][k];
      lower[i][j] = i === j ? Math.sqrt(value) : value / lower[j][j];
    }
  const x = [...right];
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) x[i] -= lower[i][j] * x[j];
    x[i] /= lower[i][i];
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let j = i + 1; j < size; j++) x[i] -= lower[j][i] * x[j];
    x[i] /= lower[i][i];
  }
  return x;
}

function column(length, value) {
  return Array.from({ length }, (_, i) => value(i));
}

function average(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
