/** Kappa and its standard error against statsmodels; the Matthews correlation where its 0 says nothing. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  cohenKappa,
  kappaCoefficient,
  matthewsCorrelation,
  type Coefficient,
} from '../../../collector/src/performance/agreement.ts';
import { confusionAlgebra, type ConfusionReading } from '../../../collector/src/performance/confusion.ts';
import { deltaVariance } from '../../../collector/src/performance/delta-method.ts';

interface Golden {
  readonly versions: Readonly<Record<string, string>>;
  readonly cases: readonly {
    readonly name: string;
    readonly matrix: readonly (readonly number[])[];
    readonly kappa: number;
    readonly error: number;
  }[];
}

const path = resolve(__dirname, '../../golden/performance/agreement/agreement.json');
const golden = JSON.parse(readFileSync(path, 'utf8')) as Golden;

function readingOf(matrix: readonly (readonly number[])[]): ConfusionReading {
  const state = confusionAlgebra.create();
  matrix.forEach((row, actual) => {
    row.forEach((count, predicted) => confusionAlgebra.record(state, { actual, predicted, count }));
  });
  return confusionAlgebra.read(state);
}

test('the golden file says what made it', () => {
  expect(Object.keys(golden.versions)).toEqual(['numpy', 'statsmodels']);
});

test.each(golden.cases)('kappa and its standard error: $name', ({ matrix, kappa, error }) => {
  const reading = readingOf(matrix);
  const { value, gradient } = kappaCoefficient(reading) as Coefficient;
  expect(Math.abs(value - kappa)).toBeLessThanOrEqual(1e-12);
  expect(Math.abs(Math.sqrt(deltaVariance(gradient, reading.cells)) / error - 1)).toBeLessThanOrEqual(1e-9);
});

test('with many samples the interval is kappa ± 1.96 standard errors', () => {
  const { matrix, kappa, error } = golden.cases.find(({ name }) => name === 'large') as Golden['cases'][number];
  const { low, high } = cohenKappa(readingOf(matrix));
  expect(((low as number) - kappa) / error).toBeCloseTo(-1.96, 1);
  expect(((high as number) - kappa) / error).toBeCloseTo(1.96, 1);
});

test.each([
  [
    'always the same guess',
    [
      [97, 0],
      [3, 0],
    ],
    0,
  ],
  [
    'one label only',
    [
      [4, 3],
      [0, 0],
    ],
    0,
  ],
])('Matthews correlation of %s is 0 by convention, without interval', (_name, matrix, value) => {
  expect(matthewsCorrelation(readingOf(matrix))).toMatchObject({ value, low: null, high: null });
});

test('always the same guess: kappa is 0, and what might be true is wide', () => {
  const { value, low, high } = cohenKappa(
    readingOf([
      [97, 0],
      [3, 0],
    ]),
  );
  expect(value).toBe(0);
  expect((high as number) - (low as number)).toBeGreaterThan(0.5);
});

test('nothing: null with n 0', () => {
  const nothing = { value: null, n: 0, low: null, high: null };
  expect([cohenKappa(readingOf([])), matthewsCorrelation(readingOf([]))]).toEqual([nothing, nothing]);
});
