/** Do 95 % intervals hold the truth 95 times in 100, and is none of them of zero width? */
import fc from 'fast-check';
import { classificationReport } from '../../../collector/src/performance/classification-metrics.ts';
import { confusionAlgebra, type ConfusionState } from '../../../collector/src/performance/confusion.ts';
import type { Measured } from '../../../collector/src/performance/measured.ts';
import { wilsonInterval } from '../../../collector/src/performance/wilson.ts';
import { confusionModel, drawConfusion, seeded, withoutChance } from './support/draw-samples.ts';

const RUNS = 1_000;
/** What the docs say of samples like these: 92.5 to 97.5 %, give or take 3 Monte-Carlo standard errors. */
const [LEAST, MOST] = [0.925 - 3 * Math.sqrt((0.925 * 0.075) / RUNS), 0.975 + 3 * Math.sqrt((0.975 * 0.025) / RUNS)];

/** Every measured number of a report by name, that of the classes too. */
function measured(state: ConfusionState): Map<string, Measured> {
  const { metrics, classes } = classificationReport(state);
  const ofClasses = classes.flatMap((item) =>
    Object.entries(item.measured).map(([rate, value]) => [`${rate} of ${item.class}`, value] as const),
  );
  return new Map([...Object.entries(metrics), ...ofClasses]);
}

function cellsOf(...cells: readonly (readonly [actual: string, predicted: string, count: number])[]): ConfusionState {
  const state = confusionAlgebra.create();
  for (const [actual, predicted, count] of cells) confusionAlgebra.record(state, { actual, predicted, count });
  return state;
}

describe.each([
  ['binary', confusionModel([1, 1], [0.8, 0.7]), 200],
  ['binary with a rare class', confusionModel([0.95, 0.05], [0.95, 0.6]), 1_000],
  ['ten uneven classes', confusionModel([5, 4, 3, 3, 2, 2, 2, 1, 1, 1], new Array<number>(10).fill(0.7)), 400],
  ['nearly all right', confusionModel([2, 1, 1], [0.97, 0.97, 0.97]), 300],
  ['mostly wrong', confusionModel([2, 1, 1], [0.2, 0.1, 0.3]), 150],
])('%s: coverage over 1,000 seeded runs', (_name, model, samples) => {
  const uniform = seeded(4);
  const truth = measured(withoutChance(model));
  const held = new Map<string, number>();
  for (let run = 0; run < RUNS; run++) {
    for (const [name, { low, high }] of measured(drawConfusion(model, samples, uniform))) {
      const value = truth.get(name)?.value as number;
      held.set(name, (held.get(name) ?? 0) + Number((low as number) <= value && value <= (high as number)));
    }
  }

  test.each([...truth.keys()])('%s', (name) => {
    const share = (held.get(name) as number) / RUNS;
    expect(share).toBeGreaterThanOrEqual(LEAST);
    expect(share).toBeLessThanOrEqual(MOST);
  });
});

test('every interval holds its value, lies in the range and has a width, whatever the confusion', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd');
  const cell = fc.tuple(name, name, fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 1_000_000 })));
  fc.assert(
    fc.property(fc.array(cell, { minLength: 1, maxLength: 8 }), (cells) => {
      for (const [metric, { value, n, low, high }] of measured(cellsOf(...cells))) {
        if (low === null || high === null || value === null) continue;
        const floor = metric === 'mcc' || metric === 'cohen_kappa' ? -1 : 0;
        expect([metric, n > 0, floor <= (low as number), (high as number) <= 1]).toEqual([metric, true, true, true]);
        expect([metric, (low as number) <= value, value <= (high as number)]).toEqual([metric, true, true]);
        expect([metric, (high as number) > (low as number)]).toEqual([metric, true]);
      }
    }),
    { numRuns: 1_000 },
  );
});

test('without an interval are only values that are 0 or null by convention', () => {
  const bare = (state: ConfusionState) =>
    [...measured(state)].filter(([, { low }]) => low === null).map(([name, { value, n }]) => [name, value, n]);
  expect(bare(cellsOf(['no', 'no', 97], ['yes', 'no', 3]))).toEqual([
    ['mcc', 0, 100],
    ['precision of yes', null, 0],
  ]);
  expect(bare(cellsOf(['a', 'a', 7]))).toEqual([
    ['specificity_weighted', 0, 7],
    ['specificity_macro', 0, 7],
    ['mcc', 0, 7],
    ['cohen_kappa', null, 7],
    ['specificity of a', null, 0],
  ]);
  expect(bare(cellsOf(['a', 'a', 5], ['a', 'b', 1], ['b', 'a', 2], ['b', 'b', 3]))).toEqual([]);
});

test('all right: the lower ends are those of Wilson, not 1', () => {
  const { metrics } = classificationReport(cellsOf(['a', 'a', 50], ['b', 'b', 50]));
  const { low } = metrics.accuracy;
  expect(low).toBeCloseTo(1 - 3.8415 / 103.8415, 4); // n / (n + z²)
  // To first order an error costs weighted F1 what it costs the accuracy; kappa loses twice that, chance being ½.
  expect(metrics.f1_weighted.low).toBeCloseTo(low as number, 2);
  expect(metrics.cohen_kappa.low).toBeCloseTo(1 - 2 * (1 - (low as number)), 12);
  expect(metrics.mcc).toEqual(metrics.cohen_kappa);
  for (const { high } of Object.values(metrics)) expect(high).toBe(1);
});

test('two classes whose errors cancel out leave a width, too', () => {
  const { low, high } = classificationReport(cellsOf(['b', 'a', 5], ['b', 'c', 5])).metrics.specificity_macro;
  expect((high as number) - (low as number)).toBeGreaterThan(0.1);
});

test('few samples: classes with labels of their own are added in squares, each with the ends of its Wilson interval', () => {
  const state = cellsOf(['a', 'a', 9], ['a', 'b', 1], ['b', 'b', 17], ['b', 'a', 3]);
  const { value, low, high } = classificationReport(state).metrics.balanced_accuracy;
  const [a, b] = [wilsonInterval(9, 10), wilsonInterval(17, 20)];
  expect(value).toBeCloseTo(0.875, 12);
  expect(low).toBeCloseTo(0.875 - Math.hypot(0.9 - a.low, 0.85 - b.low) / 2, 12);
  expect(high).toBeCloseTo(0.875 + Math.hypot(a.high - 0.9, b.high - 0.85) / 2, 12);
});

test('few samples: kappa and Matthews lean as far as Wilson lets the accuracy lean', () => {
  const { accuracy, cohen_kappa, mcc } = classificationReport(
    cellsOf(['a', 'a', 9], ['a', 'b', 1], ['b', 'b', 17], ['b', 'a', 3]),
  ).metrics;
  const lean = ({ value, low, high }: Measured) =>
    ((value as number) - (low as number)) / ((high as number) - (value as number));
  expect(lean(accuracy)).toBeGreaterThan(1.5);
  expect(lean(cohen_kappa)).toBeCloseTo(lean(accuracy), 10);
  expect(lean(mcc)).toBeCloseTo(lean(accuracy), 10);
});

test('which method made which interval', () => {
  const { metrics, classes } = classificationReport(cellsOf(['a', 'a', 5], ['a', 'b', 1], ['b', 'a', 2]));
  const wilson = Object.entries(metrics).filter(([, { method }]) => method === 'wilson');
  expect(wilson.map(([name]) => name)).toEqual([
    'accuracy',
    'recall_weighted',
    'precision_micro',
    'recall_micro',
    'f1_micro',
  ]);
  expect(Object.values(metrics).filter(({ method }) => method === 'delta')).toHaveLength(10);
  expect(classes.flatMap((item) => Object.values(item.measured).map(({ method }) => method))).toEqual(
    new Array(8).fill('wilson'),
  );
});
