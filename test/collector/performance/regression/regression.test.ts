/** Predicted numbers against scikit-learn (test/golden/performance/regression/generate.py says which version and how). */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { additiveSums, REGRESSION_COUNTERS } from '../../../../collector/src/performance/regression/additive-sums.ts';
import type { RegressionMetricName } from '../../../../collector/src/performance/regression/regression-metrics.ts';
import {
  regressionAlgebra,
  type RegressionState,
} from '../../../../collector/src/performance/regression/regression-state.ts';

type Metrics = Readonly<Record<RegressionMetricName, number | null>>;
interface Case {
  readonly name: string;
  readonly actual: number[];
  readonly predicted: number[];
  readonly metrics: Metrics;
  readonly residuals: number[];
}

const path = resolve(__dirname, '../../../golden/performance/regression/regression.json');
const golden = JSON.parse(readFileSync(path, 'utf8')) as { versions: Record<string, string>; cases: Case[] };
const NAMES = ['mae', 'mse', 'rmse', 'mape', 'r2', 'bias'] as const;

function recorded(actual: readonly number[], predicted: readonly number[]) {
  const state = regressionAlgebra.create();
  actual.forEach((label, row) =>
    regressionAlgebra.record(state, { actual: label, predicted: predicted[row] as number }),
  );
  return regressionAlgebra.read(state);
}

test('the golden file says what made it', () => {
  expect(Object.keys(golden.versions)).toEqual(['numpy', 'scikit-learn']);
  expect(golden.cases.length).toBeGreaterThan(15);
});

describe.each(golden.cases)('$name', ({ actual, predicted, metrics, residuals }) => {
  const reading = recorded(actual, predicted);

  test.each(NAMES)('%s', (name) => {
    const { value, n } = reading.metrics[name];
    expect(n).toBe(actual.length);
    const expected = metrics[name];
    if (expected === null) return expect(value).toBeNull();
    // A bias is a difference: what cancels there is measured against the errors themselves.
    const scale = name === 'bias' ? (metrics.mae as number) : Math.max(Math.abs(expected), name === 'r2' ? 1 : 0);
    expect(Math.abs((value as number) - expected)).toBeLessThanOrEqual(1e-9 * scale);
  });

  test('quantiles of the residual, to 1 %', () => {
    reading.residuals.forEach(({ value, n }, index) => {
      const expected = residuals[index] as number;
      expect(n).toBe(actual.length);
      expect(Math.abs((value as number) - expected)).toBeLessThanOrEqual(0.010_000_1 * Math.abs(expected));
    });
  });

  test('every interval holds its value', () => {
    const values = [...Object.values(reading.metrics), ...reading.residuals];
    for (const { value, low, high } of values) {
      if (low === null || high === null || low === undefined || high === undefined) continue;
      expect([low <= (value as number), (value as number) <= high]).toEqual([true, true]);
    }
  });

  test('the additive counters give the same', () => {
    const sums = REGRESSION_COUNTERS.map(() => 0);
    const mean = actual[0] as number;
    actual.forEach((label, row) =>
      additiveSums(label, predicted[row] as number, mean).forEach((by, index) => (sums[index]! += by)),
    );
    const [count, over, under, squared, percentage, above, below, squares] = sums as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    expect(count).toBe(actual.length);
    expect((over + under) / count).toBeCloseTo(metrics.mae as number, 9);
    expect((over - under) / count).toBeCloseTo(metrics.bias as number, 9);
    expect(squared / count / ((metrics.mse as number) || 1)).toBeCloseTo(metrics.mse === 0 ? 0 : 1, 9);
    expect(percentage / count / ((metrics.mape as number) || 1)).toBeCloseTo(metrics.mape === 0 ? 0 : 1, 9);
    const spread = squares - (above - below) ** 2 / count;
    if (metrics.r2 !== null && spread > 1e-9 * squares) expect(1 - squared / spread).toBeCloseTo(metrics.r2, 6);
  });
});

/** Standard normal numbers by Box and Muller. */
function normals(seed: number): () => number {
  const generator = xoroshiro128plus(seed);
  return () =>
    Math.sqrt(-2 * Math.log(1 - uniformFloat64(generator))) * Math.cos(2 * Math.PI * uniformFloat64(generator));
}

test('95 % intervals hold the truth in about 95 % of samples', () => {
  const draw = normals(7);
  const RUNS = 400;
  // Labels of deviation 3, errors of bias 0.5 and deviation 2.
  const truth = { bias: 0.5, mse: 4.25, rmse: Math.sqrt(4.25), r2: 1 - 4.25 / 9, mae: 1.6452 };
  const held = Object.fromEntries(Object.keys(truth).map((name) => [name, 0]));
  let median = 0;
  for (let run = 0; run < RUNS; run++) {
    const actual = Array.from({ length: 200 }, () => 10 + 3 * draw());
    const { metrics, residuals } = recorded(
      actual,
      actual.map((label) => label + 0.5 + 2 * draw()),
    );
    for (const [name, value] of Object.entries(truth)) {
      const { low, high } = metrics[name as RegressionMetricName];
      if (low! <= value && value <= high!) held[name]!++;
    }
    const { low, high } = residuals[2]!;
    if (low! <= 0.5 && 0.5 <= high!) median++;
  }
  // Five Monte-Carlo standard errors of 400 runs are 5.4 %.
  for (const [name, count] of [...Object.entries(held), ['median', median] as const]) {
    expect([name, count / RUNS > 0.9 && count / RUNS <= 1]).toEqual([name, true]);
  }
});

test('a slip of the pen that was corrected leaves nothing behind, also over a merge', () => {
  const rows = Array.from({ length: 50 }, (_, row) => ({ actual: Math.sin(row), predicted: Math.sin(row) + 0.1 }));
  const [whole, clean, other] = [1, 2, 3].map(() => regressionAlgebra.create()) as [
    RegressionState,
    RegressionState,
    RegressionState,
  ];
  for (const row of rows) {
    regressionAlgebra.record(clean, row);
    regressionAlgebra.record(whole, row);
  }
  const slip = { actual: 1e9, predicted: 0.3 };
  regressionAlgebra.record(whole, slip);
  regressionAlgebra.record(other, rows[0] as (typeof rows)[0]);
  regressionAlgebra.record(other, { ...rows[0], count: -1 } as (typeof rows)[0]);
  regressionAlgebra.record(other, { ...slip, count: -1 });
  regressionAlgebra.merge(whole, other);
  const [a, b] = [regressionAlgebra.read(whole).metrics, regressionAlgebra.read(clean).metrics];
  for (const name of ['mae', 'mse', 'rmse', 'bias', 'r2', 'mape'] as const)
    expect([name, a[name].value]).toEqual([name, expect.closeTo(b[name].value as number, 9)]);
});

test('labels so far from their centre that fourth powers are rounding: R² without an interval', () => {
  const state = regressionAlgebra.create();
  regressionAlgebra.record(state, { actual: 1e6, predicted: 0 });
  regressionAlgebra.record(state, { actual: 1e6, predicted: 0, count: -1 });
  for (let row = 0; row < 40; row++)
    regressionAlgebra.record(state, { actual: row % 5, predicted: (row % 5) + (row % 3) - 1 });
  const { value, low, high } = regressionAlgebra.read(state).metrics.r2;
  expect(value).toBeCloseTo(1 - 27 / 80, 2);
  expect([low, high]).toEqual([null, null]);
});
