/** Multilabel metrics against scikit-learn; their intervals where labels hang together; bad input; foreign states. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  declareLabels,
  multilabelAlgebra,
  type MultilabelSample,
} from '../../../collector/src/performance/multilabel.ts';
import { multilabelReport, type MultilabelMetricName } from '../../../collector/src/performance/multilabel-metrics.ts';
import { wilsonInterval } from '../../../collector/src/performance/wilson.ts';
import { seeded } from './support/draw-samples.ts';

interface Golden {
  readonly versions: Readonly<Record<string, string>>;
  readonly cases: readonly {
    readonly name: string;
    readonly columns: number;
    readonly rows: readonly (readonly [actual: number[], predicted: number[]])[];
    readonly metrics: Readonly<Record<MultilabelMetricName, number>>;
    readonly labels: readonly { precision: number; recall: number; f1: number; support: number }[];
  }[];
}

const path = resolve(__dirname, '../../golden/performance/multilabel/multilabel.json');
const golden = JSON.parse(readFileSync(path, 'utf8')) as Golden;

test('the golden file is whole and says what made it', () => {
  expect(Object.keys(golden.versions)).toEqual(['numpy', 'scikit-learn']);
  expect(golden.cases.length).toBeGreaterThanOrEqual(11);
});

test.each(golden.cases)('$name', ({ columns, rows, metrics, labels }) => {
  const state = declareLabels(Array.from({ length: columns }, (_, column) => column));
  for (const [actual, predicted] of rows) multilabelAlgebra.record(state, { actual, predicted });
  const report = multilabelReport(state);
  expect(Object.keys(report.metrics).sort()).toEqual(Object.keys(metrics).sort());
  for (const [name, { value, n, low, high }] of Object.entries(report.metrics)) {
    const expected = metrics[name as MultilabelMetricName];
    expect([name, n, Math.abs((value as number) - expected) <= 1e-12]).toEqual([name, rows.length, true]);
    // Without an interval is only what is 0 by convention.
    if (low == null || high == null) expect([name, value]).toEqual([name, 0]);
    else
      expect([name, low <= (value as number), (value as number) <= high, low < high]).toEqual([name, true, true, true]);
  }
  report.labels.forEach(({ class: label, support, precision, recall, f1 }, column) => {
    const expected = labels[column] as (typeof labels)[number];
    expect([label, support]).toEqual([String(column), expected.support]);
    for (const [found, wanted] of [
      [precision, expected.precision],
      [recall, expected.recall],
      [f1, expected.f1],
    ] as const)
      expect(Math.abs(found - wanted)).toBeLessThanOrEqual(1e-12);
  });
});

describe('95 % intervals over 600 runs of 150 samples whose labels hang together', () => {
  const uniform = seeded(5);
  /** A hard sample spoils all of its labels at once: labels are far from independent. */
  const record = (samples: number) => {
    const state = multilabelAlgebra.create();
    for (let sample = 0; sample < samples; sample++) {
      const hard = uniform() < 0.3;
      const truth = [0.6, 0.5, 0.3, 0.2].map((share) => uniform() < share);
      const guess = truth.map((is) => is !== uniform() < (hard ? 0.4 : 0.04));
      const labels = (flags: readonly boolean[]) => flags.flatMap((is, label) => (is ? [label] : []));
      multilabelAlgebra.record(state, { actual: labels(truth), predicted: labels(guess) });
    }
    return state;
  };
  const draw = (samples: number) => multilabelReport(record(samples)).metrics;
  const truth = draw(300_000);
  const runs = Array.from({ length: 600 }, () => draw(150));
  const least = 0.925 - 3 * Math.sqrt((0.925 * 0.075) / 600);

  test.each(Object.keys(truth) as MultilabelMetricName[])('%s', (name) => {
    const value = truth[name].value as number;
    const held = runs.filter(({ [name]: { low, high } }) => (low as number) <= value && value <= (high as number));
    expect(held.length / runs.length).toBeGreaterThanOrEqual(least);
    // Macro and weighted averages are conservative by design; the others must not hold the truth too often.
    if (!/macro|weighted/.test(name)) expect(held.length / runs.length).toBeLessThanOrEqual(0.993);
  });

  test.each([
    'hamming_loss',
    'precision_micro',
    'recall_micro',
    'f1_micro',
    'precision_samples',
    'f1_samples',
  ] as const)('%s: with many samples ± 1.96 jackknife standard errors', (name) => {
    const state = record(4_000);
    const { low, high } = multilabelReport(state).metrics[name];
    const shapes = [...state.shapes];
    const without = shapes.map(([key, count]) => {
      const shorter = new Map(state.shapes).set(key, count - 1);
      return multilabelReport({ ...state, shapes: shorter, samples: 3_999 }).metrics[name].value as number;
    });
    const mean = shapes.reduce((sum, [, count], index) => sum + count * (without[index] as number), 0) / 4_000;
    const squares = shapes.reduce((sum, [, count], index) => sum + count * ((without[index] as number) - mean) ** 2, 0);
    const error = Math.sqrt((squares * 3_999) / 4_000);
    expect(((high as number) - (low as number)) / (2 * 1.96 * error)).toBeCloseTo(1, 2);
  });
});

test('no samples: all null with n 0, declared labels are there', () => {
  const { metrics, labels } = multilabelReport(declareLabels(['a', 'a', 'b']));
  for (const { value, n } of Object.values(metrics)) expect([value, n]).toEqual([null, 0]);
  expect(labels.map((item) => item.class)).toEqual(['a', 'b']);
});

test('samples without any label: right as a whole, nothing else to tell', () => {
  const state = multilabelAlgebra.create();
  multilabelAlgebra.record(state, { actual: [], predicted: [], count: 4 });
  const { subset_accuracy, hamming_loss, f1_macro } = multilabelReport(state).metrics;
  expect(subset_accuracy).toEqual({ value: 1, n: 4, ...wilsonInterval(4, 4), method: 'wilson' });
  expect(hamming_loss).toEqual({ value: null, n: 4, low: null, high: null });
  expect(f1_macro).toEqual({ value: 0, n: 4, low: null, high: null });
});

test('labels equal as text count once, and a correction leaves no trace', () => {
  const state = multilabelAlgebra.create();
  multilabelAlgebra.record(state, { actual: [1, '1', 'b'], predicted: ['b', 'b'] });
  multilabelAlgebra.record(state, { actual: ['x'], predicted: [true] });
  multilabelAlgebra.record(state, { actual: ['x'], predicted: ['true'], count: -1 });
  expect(multilabelAlgebra.read(state)).toEqual({
    samples: 1,
    labels: [
      { label: '1', truePositives: 0, falsePositives: 0, falseNegatives: 1 },
      { label: 'b', truePositives: 1, falsePositives: 0, falseNegatives: 0 },
    ],
    shapes: [{ overlap: 1, predicted: 1, actual: 2, count: 1 }],
  });
});

test('a correction ahead of its sample reads as nothing', () => {
  const state = declareLabels(['x']);
  multilabelAlgebra.record(state, { actual: ['x'], predicted: ['x'], count: -1 });
  expect(multilabelReport(state).metrics.subset_accuracy.n).toBe(0);
});

test.each([
  ['actual', { actual: 'abc', predicted: [] }],
  ['actual', { actual: null, predicted: [] }],
  ['actual', { actual: [Number.NaN], predicted: [] }],
  ['predicted', { actual: [], predicted: [{}] }],
  ['predicted', { actual: [], predicted: undefined }],
  ['at most 65535', { actual: [], predicted: Array.from({ length: 65_536 }, (_, label) => label) }],
  ['count', { actual: [], predicted: [], count: Infinity }],
])('a sample with a bad %s is refused and leaves no trace', (message, sample) => {
  const state = multilabelAlgebra.create();
  expect(() => multilabelAlgebra.record(state, sample as MultilabelSample)).toThrow(
    expect.objectContaining({ code: 'invalid_request', message: expect.stringContaining(message) }),
  );
  expect(multilabelAlgebra.read(state)).toEqual({ samples: 0, labels: [], shapes: [] });
});

const data = { declared: ['a'], labels: [['a', 1, 0, 0]], shapes: [[1, 1, 1, 1]] };
const written = { format: 'plumbline.multilabel', version: 1, data };

test('the written form is stable', () => {
  const state = declareLabels(['a']);
  multilabelAlgebra.record(state, { actual: ['a'], predicted: ['a'] });
  expect(multilabelAlgebra.serialise(state)).toEqual(written);
});

test.each<[string, unknown]>([
  ['expected a state of format', { ...written, format: 'plumbline.confusion' }],
  ['is of version 0, not 1', { ...written, version: 0 }],
  ['data: expected an object', { ...written, data: 7 }],
  ['declared: expected distinct texts', { ...written, data: { ...data, declared: [1] } }],
  ['labels: expected a list', { ...written, data: { ...data, labels: null } }],
  ['labels[0]: expected a label', { ...written, data: { ...data, labels: [[1, 1, 0, 0]] } }],
  ['labels[0]: expected 4 values', { ...written, data: { ...data, labels: [['a', 1]] } }],
  ['labels[0]: expected whole numbers', { ...written, data: { ...data, labels: [['a', 0, 0, 0]] } }],
  ['labels[0]: expected whole numbers', { ...written, data: { ...data, labels: [['a', 1, null, 0]] } }],
  ['shapes[0]: expected numbers of right', { ...written, data: { ...data, shapes: [[2, 1, 1, 1]] } }],
  ['shapes[0]: expected numbers of right', { ...written, data: { ...data, shapes: [[0, 65_536, 1, 1]] } }],
  ['shapes[1]: stands there twice', { ...written, data: { ...data, shapes: [...data.shapes, ...data.shapes] } }],
])('a foreign state is refused: %s', (message, value) => {
  expect(() => multilabelAlgebra.parse(value)).toThrow(
    expect.objectContaining({ code: 'foreign_state', message: expect.stringContaining(message) }),
  );
});
