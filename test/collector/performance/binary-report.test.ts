/** One class against the rest, held against scikit-learn on the same goldens as the full report. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { binaryReport, type BinaryMetricName } from '../../../collector/src/performance/binary-report.ts';
import { RATES, type RateName } from '../../../collector/src/performance/class-rates.ts';
import { confusionAlgebra, declareClasses, type ConfusionState } from '../../../collector/src/performance/confusion.ts';
import { wilsonInterval } from '../../../collector/src/performance/wilson.ts';

type Cells = readonly (readonly [actual: string, predicted: string, count: number])[];

interface GoldenCase {
  readonly name: string;
  readonly n: number;
  readonly cells: Cells;
  readonly binary: Readonly<Record<RateName | BinaryMetricName, number | null>> & {
    readonly positiveClass: string;
    readonly counts: readonly number[];
  };
}

const path = resolve(__dirname, '../../golden/performance/classification/classification.json');
const { cases } = JSON.parse(readFileSync(path, 'utf8')) as { readonly cases: readonly GoldenCase[] };
const METRICS: readonly BinaryMetricName[] = ['accuracy', 'balanced_accuracy', 'mcc', 'cohen_kappa'];

function stateOf(cells: Cells): ConfusionState {
  const state = confusionAlgebra.create();
  for (const [actual, predicted, count] of cells) confusionAlgebra.record(state, { actual, predicted, count });
  return state;
}

test.each(cases)('$name', ({ n, cells, binary }) => {
  const report = binaryReport(stateOf(cells), binary.positiveClass);
  const { truePositives, falsePositives, falseNegatives, trueNegatives } = report;
  expect([truePositives, falsePositives, falseNegatives, trueNegatives]).toEqual(binary.counts);
  for (const rate of RATES)
    expect(Math.abs(report.positive[rate] - (binary[rate] as number))).toBeLessThanOrEqual(1e-12);
  for (const name of METRICS) {
    const { value } = report.metrics[name];
    const expected = binary[name];
    expect([name, value === null]).toEqual([name, expected === null]);
    if (value !== null) expect(Math.abs(value - (expected as number))).toBeLessThanOrEqual(1e-12);
    expect(report.metrics[name].n).toBe(n);
  }
});

test('mixing up two of the rest is no error, and intervals are those of the two classes', () => {
  const state = stateOf([
    ['yes', 'yes', 8],
    ['yes', 'no', 2],
    ['no', 'maybe', 5],
    ['maybe', 'yes', 1],
  ]);
  const { metrics, positive } = binaryReport(state, 'yes');
  expect(metrics.accuracy).toEqual({ value: 13 / 16, n: 16, ...wilsonInterval(13, 16), method: 'wilson' });
  expect(positive).toMatchObject({ class: 'yes', support: 10 });
  expect(positive.measured.specificity).toEqual({ value: 5 / 6, n: 6, ...wilsonInterval(5, 6), method: 'wilson' });
});

test('misses folded into the positive class stay misses', () => {
  const state = confusionAlgebra.create();
  confusionAlgebra.record(state, { actual: '__other__', predicted: '__other__', correct: false, count: 3 });
  confusionAlgebra.record(state, { actual: '__other__', predicted: '__other__', count: 1 });
  expect(binaryReport(state, '__other__').positive).toMatchObject({ support: 4, precision: 0.25, recall: 0.25 });
});

test('no samples: everything null with n 0', () => {
  const { positive, metrics, trueNegatives } = binaryReport(declareClasses(['a', 'b']), 'a');
  for (const measured of [...Object.values(metrics), ...Object.values(positive.measured)])
    expect([measured.value, measured.n]).toEqual([null, 0]);
  expect(trueNegatives).toBe(0);
});

test('a positive class that never occurs has n 0, the rest is all right', () => {
  const { positive, metrics } = binaryReport(stateOf([['a', 'b', 3]]), true);
  expect(positive).toMatchObject({ class: 'true', support: 0, precision: 0, recall: 0, f1: 0, specificity: 1 });
  expect(positive.measured.recall).toEqual({ value: null, n: 0, low: null, high: null });
  expect(metrics.accuracy.value).toBe(1);
});

test.each([Number.NaN, null, undefined, {}])('%p is no positive class', (positiveClass) => {
  expect(() => binaryReport(stateOf([['a', 'b', 3]]), positiveClass as string)).toThrow(
    expect.objectContaining({ code: 'invalid_request', message: expect.stringContaining('positiveClass') }),
  );
});
