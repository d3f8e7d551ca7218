/** The analytic gradients, against differences of the metric itself and against a bootstrap. */
import { kappaCoefficient, matthewsCoefficient } from '../../../collector/src/performance/agreement.ts';
import { averageGradient } from '../../../collector/src/performance/class-averages.ts';
import { classRates, type RateName } from '../../../collector/src/performance/class-rates.ts';
import {
  reportOf,
  weightings,
  type ClassificationMetricName,
} from '../../../collector/src/performance/classification-metrics.ts';
import {
  confusionAlgebra,
  type ConfusionCell,
  type ConfusionReading,
} from '../../../collector/src/performance/confusion.ts';
import {
  cellDerivative,
  deltaVariance,
  zeroGradient,
  type Gradient,
} from '../../../collector/src/performance/delta-method.ts';
import { confusionModel, drawConfusion, seeded } from './support/draw-samples.ts';

/** The gradient of every metric whose interval is the delta method's. */
const GRADIENTS: Partial<Record<ClassificationMetricName, (reading: ConfusionReading) => Gradient>> = {
  precision_weighted: (reading) => ofAverage(reading, 'precision', 'weighted'),
  f1_weighted: (reading) => ofAverage(reading, 'f1', 'weighted'),
  specificity_weighted: (reading) => ofAverage(reading, 'specificity', 'weighted'),
  precision_macro: (reading) => ofAverage(reading, 'precision', 'macro'),
  recall_macro: (reading) => ofAverage(reading, 'recall', 'macro'),
  f1_macro: (reading) => ofAverage(reading, 'f1', 'macro'),
  specificity_macro: (reading) => ofAverage(reading, 'specificity', 'macro'),
  balanced_accuracy: (reading) => ofAverage(reading, 'recall', 'labels'),
  mcc: (reading) => matthewsCoefficient(reading)?.gradient ?? zeroGradient(0),
  cohen_kappa: (reading) => kappaCoefficient(reading)?.gradient ?? zeroGradient(0),
};
const NAMES = Object.keys(GRADIENTS) as ClassificationMetricName[];

function ofAverage(reading: ConfusionReading, rate: RateName, over: 'weighted' | 'macro' | 'labels'): Gradient {
  const rates = reading.classes.map((tally) => classRates(tally, reading.samples)[rate]);
  return averageGradient(rates, weightings(reading)[over]);
}

/** Cells may be fractional here: derivatives live between whole numbers. */
function readingOf(cells: readonly ConfusionCell[]): ConfusionReading {
  const size = 1 + Math.max(...cells.flatMap(({ actual, predicted }) => [actual, predicted]));
  const sum = (pick: (cell: ConfusionCell) => boolean) =>
    cells.filter(pick).reduce((total, { count }) => total + count, 0);
  return {
    samples: sum(() => true),
    correct: sum((cell) => cell.correct),
    cells,
    classes: Array.from({ length: size }, (_, index) => ({
      class: String(index),
      support: sum((cell) => cell.actual === index),
      predicted: sum((cell) => cell.predicted === index),
      truePositives: sum((cell) => cell.actual === index && cell.correct),
    })),
  };
}

const cell = (actual: number, predicted: number, count: number, correct = actual === predicted): ConfusionCell => ({
  actual,
  predicted,
  correct,
  count,
});

const CASES: readonly (readonly [string, readonly ConfusionCell[]])[] = [
  ['binary', [cell(0, 0, 40), cell(0, 1, 7), cell(1, 0, 3), cell(1, 1, 12)]],
  [
    'three classes, one never predicted, one only predicted',
    [cell(0, 0, 20), cell(1, 0, 4), cell(1, 2, 6), cell(0, 2, 2), cell(3, 3, 11), cell(3, 0, 1)],
  ],
  ['worse than chance', [cell(0, 0, 2), cell(0, 1, 30), cell(1, 0, 40), cell(1, 1, 3), cell(2, 2, 5), cell(2, 0, 5)]],
  ['misses folded into one class', [cell(0, 0, 30), cell(1, 1, 9), cell(1, 1, 4, false), cell(0, 1, 2), cell(1, 0, 3)]],
];

describe.each(CASES)('%s', (_name, cells) => {
  test.each(NAMES)('%s: the gradient equals central differences', (name) => {
    const reading = readingOf(cells);
    const gradient = GRADIENTS[name]?.(reading) as Gradient;
    cells.forEach((at, index) => {
      const step = at.count * 1e-5;
      const moved = (by: number): number => {
        const shifted = cells.map((item, place) => (place === index ? { ...item, count: item.count + by } : item));
        return reportOf(readingOf(shifted)).metrics[name].value as number;
      };
      const numeric = (moved(step) - moved(-step)) / (2 * step);
      expect(Math.abs(cellDerivative(gradient, at) - numeric)).toBeLessThan(1e-8);
    });
  });

  test.each(NAMES)('%s: multiplying all counts alike changes nothing, which the variance relies on', (name) => {
    const gradient = GRADIENTS[name]?.(readingOf(cells)) as Gradient;
    const euler = cells.reduce((sum, at) => sum + at.count * cellDerivative(gradient, at), 0);
    expect(Math.abs(euler)).toBeLessThan(1e-13);
  });
});

test('no cells: no variance', () => {
  expect(deltaVariance(zeroGradient(0), [])).toBe(0);
});

describe('against 2,000 bootstrap draws of a sample of 2,000', () => {
  const uniform = seeded(20_261_124);
  const weights = [5, 4, 3, 2, 2, 1];
  const skill = [0.9, 0.8, 0.7, 0.6, 0.85, 0.5];
  const sample = confusionAlgebra.read(drawConfusion(confusionModel(weights, skill), 2_000, uniform));
  const size = sample.classes.length;
  const shares = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  for (const { actual, predicted, count } of sample.cells) (shares[actual] as number[])[predicted] = count / 2_000;
  const draws = Array.from(
    { length: 2_000 },
    () => reportOf(confusionAlgebra.read(drawConfusion(shares, 2_000, uniform))).metrics,
  );

  test.each(NAMES)('%s: the standard error agrees within 6 %', (name) => {
    const values = draws.map((metrics) => metrics[name].value as number);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
    const delta = deltaVariance(GRADIENTS[name]?.(sample) as Gradient, sample.cells);
    // The bootstrap's own standard error is 1.6 %.
    expect(Math.abs(Math.sqrt(delta / variance) - 1)).toBeLessThan(0.06);
  });
});
