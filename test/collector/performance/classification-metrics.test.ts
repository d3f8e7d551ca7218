/** Every metric of every golden case, held against scikit-learn (generator and versions beside the data). */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { confusionAlgebra, declareClasses, type ConfusionState } from '../../../collector/src/performance/confusion.ts';
import {
  classificationReport,
  type ClassificationMetricName,
  type ClassMetrics,
} from '../../../collector/src/performance/classification-metrics.ts';
import { RATES } from '../../../collector/src/performance/class-rates.ts';
import { wilsonInterval } from '../../../collector/src/performance/wilson.ts';

interface Golden {
  readonly versions: Readonly<Record<string, string>>;
  readonly cases: readonly {
    readonly name: string;
    readonly n: number;
    readonly cells: readonly (readonly [actual: string, predicted: string, count: number])[];
    /** Null where scikit-learn has nan. */
    readonly metrics: Readonly<Record<ClassificationMetricName, number | null>>;
    readonly occurring: number;
    /** The first 50 by name. */
    readonly classes: readonly Omit<ClassMetrics, 'measured'>[];
  }[];
  readonly wilson: readonly {
    readonly successes: number;
    readonly n: number;
    readonly low: number;
    readonly high: number;
  }[];
}

const TOLERANCE = 1e-12;
const path = resolve(__dirname, '../../golden/performance/classification/classification.json');
const golden = JSON.parse(readFileSync(path, 'utf8')) as Golden;

function distance(a: number | null | undefined, b: number | null): number {
  if (b === null) return a === null ? 0 : Number.POSITIVE_INFINITY;
  return typeof a === 'number' ? Math.abs(a - b) : Number.POSITIVE_INFINITY;
}

function countsOf(cells: Golden['cases'][number]['cells']): ConfusionState {
  const counts = confusionAlgebra.create();
  for (const [actual, predicted, count] of cells) confusionAlgebra.record(counts, { actual, predicted, count });
  return counts;
}

test('the golden file is whole and says what made it', () => {
  expect(Object.keys(golden.versions)).toEqual(['numpy', 'scipy', 'scikit-learn']);
  expect(golden.cases.length).toBeGreaterThanOrEqual(20);
});

describe.each(golden.cases)('$name', ({ n, cells, metrics, occurring, classes }) => {
  const report = classificationReport(countsOf(cells));

  test.each(Object.entries(metrics) as [ClassificationMetricName, number | null][])('%s', (name, expected) => {
    expect(report.metrics[name].n).toBe(n);
    expect(distance(report.metrics[name].value, expected)).toBeLessThanOrEqual(TOLERANCE);
  });

  test('and no other metric', () => {
    expect(Object.keys(report.metrics).sort()).toEqual(Object.keys(metrics).sort());
  });

  test('per class', () => {
    const found = new Map(report.classes.map((item) => [item.class, item]));
    expect(found.size).toBe(occurring);
    for (const expected of classes) {
      const actual = found.get(expected.class) as ClassMetrics;
      expect(actual.support).toBe(expected.support);
      for (const rate of RATES) expect(distance(actual[rate], expected[rate])).toBeLessThanOrEqual(TOLERANCE);
    }
  });
});

test.each(golden.wilson)('Wilson interval of $successes in $n', ({ successes, n, low, high }) => {
  const interval = wilsonInterval(successes, n);
  expect(distance(interval.low, low)).toBeLessThanOrEqual(TOLERANCE);
  expect(distance(interval.high, high)).toBeLessThanOrEqual(TOLERANCE);
});

test('accuracy carries the Wilson interval of its own proportion', () => {
  const { accuracy } = classificationReport(
    countsOf([
      ['a', 'a', 9],
      ['a', 'b', 1],
    ]),
  ).metrics;
  expect(accuracy).toEqual({ value: 0.9, n: 10, ...wilsonInterval(9, 10), method: 'wilson' });
});

test('nothing labelled: every metric is null with n 0, and declared classes are left out', () => {
  const report = classificationReport(declareClasses(['a', 'b']));
  for (const metric of Object.values(report.metrics)) expect([metric.value, metric.n]).toEqual([null, 0]);
  expect(report.classes).toEqual([]);
});

test('a sample taken back leaves no trace in the metrics', () => {
  const counts = countsOf([
    ['a', 'a', 3],
    ['b', 'a', 1],
  ]);
  confusionAlgebra.record(counts, { actual: 'c', predicted: 'a' });
  confusionAlgebra.record(counts, { actual: 'c', predicted: 'a', count: -1 });
  expect(classificationReport(counts)).toEqual(
    classificationReport(
      countsOf([
        ['a', 'a', 3],
        ['b', 'a', 1],
      ]),
    ),
  );
});
