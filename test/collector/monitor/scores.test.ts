/** Scores in the monitor: reports equal the pure measures on the same rows, counters add up, corrections leave no trace. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { profileReference } from '../../../collector/src/distribution/profile.ts';
import { averagePrecision } from '../../../collector/src/performance/scores/average-precision.ts';
import { rocAuc } from '../../../collector/src/performance/scores/roc-auc.ts';
import { TestCore, untyped } from '../support/core.ts';

interface Row {
  readonly id: string;
  readonly score: number;
  readonly prediction: 'no' | 'yes';
  readonly label: 'no' | 'yes';
}

const BINARY = { classes: ['no', 'yes'], positiveClass: 'yes' } as const;

/** Rows whose labels follow the scores. */
function rowsOf(size: number, seed: number): Row[] {
  const generator = xoroshiro128plus(seed);
  const uniform = (): number => uniformFloat64(generator);
  return Array.from({ length: size }, (_, row) => {
    const score = uniform();
    return {
      id: `${seed}-${row}`,
      score,
      prediction: score < 0.5 ? 'no' : 'yes',
      label: uniform() < score ? 'yes' : 'no',
    };
  });
}

function record(monitor: TestCore, rows: readonly Row[], labels = rows): void {
  for (const { id, score, prediction } of rows) monitor.core.recordPrediction({ id, score, prediction });
  for (const { id, label } of labels) monitor.core.recordLabel(id, label);
}

const positives = (rows: readonly Row[]): number[] => rows.map(({ label }) => Number(label === 'yes'));
const scores = (rows: readonly Row[]): number[] => rows.map(({ score }) => score);
const sum = (monitor: TestCore, key: Parameters<TestCore['value']>[0]): number => {
  const snapshot = monitor.export().find(({ spec }) => spec.name === `ml.calibration.${key}`);
  if (!snapshot || snapshot.kind === 'histogram') throw new Error(key);
  return snapshot.points.reduce((total, { value }) => total + value, 0);
};

test('a window holds exact areas; the lifetime of several windows those of bins, with what bins leave open', () => {
  const monitor = new TestCore({ ...BINARY, window: 400 });
  const rows = rowsOf(1_000, 1);
  record(monitor, rows);
  const { windows, metrics } = monitor.core.performance();
  expect(windows.map(({ predictions }) => predictions)).toEqual([400, 400, 200]);
  windows.forEach(({ start, end, metrics: own }) => {
    const part = rows.slice(start, end);
    expect(own.roc_auc).toEqual(rocAuc(scores(part), positives(part)));
    expect(own.average_precision).toEqual(averagePrecision(scores(part), positives(part)));
  });
  const exact = rocAuc(scores(rows), positives(rows)).value as number;
  const { value, worst, best, n } = untyped<Record<'value' | 'worst' | 'best' | 'n', number>>(metrics.roc_auc);
  expect(n).toBe(1_000);
  expect(worst <= exact && exact <= best && best - worst < 0.05).toBe(true);
  expect(Math.abs(value - exact)).toBeLessThan(0.005);
  const brier =
    rows.reduce((total, { score, label }) => total + (score - Number(label === 'yes')) ** 2, 0) / rows.length;
  expect(metrics.brier?.value).toBeCloseTo(brier, 12);
});

test('counters say the same: Brier, log-loss and calibration', () => {
  const monitor = new TestCore(BINARY);
  const rows = rowsOf(500, 2);
  record(monitor, rows, rows.slice(0, 300));
  const { metrics, calibration } = monitor.core.performance();
  expect(metrics.ece?.n).toBe(300);
  expect(calibration?.bins.reduce((total, { n }) => total + n, 0)).toBe(300);
  expect((monitor.value('scoreSquaredError') as number) / 300).toBeCloseTo(metrics.brier?.value as number, 12);
  expect((monitor.value('scoreLogLoss') as number) / 300).toBeCloseTo(metrics.log_loss?.value as number, 12);
  expect(sum(monitor, untyped('predictions'))).toBe(500);
  expect(sum(monitor, untyped('labeled'))).toBe(300);
  const right = rows.slice(0, 300).filter(({ prediction, label }) => prediction === label).length;
  expect(sum(monitor, untyped('correct'))).toBe(right);
  expect(sum(monitor, untyped('score'))).toBeCloseTo(
    scores(rows.slice(0, 300)).reduce((a, b) => a + b, 0),
    9,
  );
});

test('a corrected label leaves the report as if it had come right the first time; the counters keep both', () => {
  const rows = rowsOf(200, 3);
  const [corrected, straight] = [new TestCore(BINARY), new TestCore(BINARY)];
  const wrong = rows.slice(0, 50).map((row): Row => ({ ...row, label: row.label === 'yes' ? 'no' : 'yes' }));
  record(corrected, rows, [...wrong, ...rows.slice(50), ...rows.slice(0, 50)]);
  record(straight, rows);
  const report = (monitor: TestCore) => {
    const { metrics, calibration, estimated } = monitor.core.performance();
    return JSON.parse(JSON.stringify({ metrics, calibration, estimated }), (_key, item: unknown) =>
      typeof item === 'number' ? Number(item.toFixed(9)) : item,
    ) as unknown;
  };
  expect(report(corrected)).toEqual(report(straight));
  expect(corrected.value('calibrationLabeledRevoked', { prediction: 'yes', bin: '14' })).toBeGreaterThan(0);
  const net = (monitor: TestCore) => sum(monitor, untyped('labeled')) - sum(monitor, untyped('labeled.revoked'));
  expect([net(corrected), net(straight)]).toEqual([200, 200]);
});

test('accuracy is estimated for predictions without labels, and marked as an estimate', () => {
  const monitor = new TestCore({ ...BINARY, window: 2_000 });
  record(monitor, rowsOf(2_000, 4));
  record(monitor, rowsOf(2_000, 5), []);
  const [, unlabelled] = monitor.core.performance().windows;
  expect([unlabelled?.labeled, unlabelled?.metrics.accuracy.value]).toEqual([0, null]);
  const { accuracy, roc_auc, calibrated_share } = unlabelled?.estimated ?? {};
  const rows = rowsOf(2_000, 5);
  const truth = rows.filter(({ prediction, label }) => prediction === label).length / rows.length;
  expect([accuracy?.estimated, accuracy?.n, calibrated_share]).toEqual([true, 2_000, 1]);
  expect(accuracy!.low! <= truth && truth <= accuracy!.high!).toBe(true);
  expect(Math.abs(roc_auc!.value! - rocAuc(scores(rows), positives(rows)).value!)).toBeLessThan(0.03);
});

test('segments have scores of their own', () => {
  const monitor = new TestCore({ ...BINARY, segments: ['north', 'south'] });
  rowsOf(200, 6).forEach(({ id, score, prediction, label }, row) => {
    monitor.core.recordPrediction({ id, score, prediction, segment: row % 4 === 0 ? 'north' : 'south' });
    monitor.core.recordLabel(id, label);
  });
  expect(monitor.core.performance().segments.map(({ metrics }) => metrics.roc_auc?.n)).toEqual([50, 150]);
});

test('without scores nothing is claimed', () => {
  const monitor = new TestCore(BINARY);
  monitor.core.recordLabel(monitor.core.recordPrediction({ prediction: 'yes' }), 'yes');
  const { metrics, calibration, estimated } = monitor.core.performance();
  expect([metrics.roc_auc, metrics.brier, calibration, estimated]).toEqual([undefined, undefined, null, null]);
});

test.each([NaN, -0.1, 1.1, Infinity, '0.5', null, {}, true])(
  'a score of %p is counted, and the row kept without it',
  (score) => {
    const monitor = new TestCore(BINARY);
    monitor.core.recordPrediction({ id: 'a', prediction: 'yes', score: untyped<number>(score) });
    monitor.core.recordLabel('a', 'yes');
    // NaN is no number: a model that has no score says so.
    expect(monitor.counted('rejected')).toEqual({ invalid_score: 1 });
    expect(monitor.core.performance().metrics.accuracy.value).toBe(1);
    expect(monitor.core.performance().estimated).toBeNull();
  },
);

test('a place in the join that is used again holds no old score', () => {
  const monitor = new TestCore({ ...BINARY, capacity: 2 });
  for (const id of ['a', 'b']) monitor.core.recordPrediction({ id, prediction: 'yes', score: 0.9 });
  monitor.core.recordPrediction({ id: 'c', prediction: 'yes' });
  monitor.core.recordLabel('c', 'yes');
  expect(monitor.core.performance().metrics.brier?.n).toBe(0);
  monitor.core.recordLabel('b', 'yes');
  expect(monitor.core.performance().metrics.brier?.n).toBe(1);
});

test('the score is watched for drift as a feature is, in bins of the reference', () => {
  const reference = profileReference(
    rowsOf(1_000, 7).map(({ score }) => ({ x: score })),
    { scores: scores(rowsOf(1_000, 7)) },
  );
  const monitor = new TestCore({ ...BINARY, reference, window: 500 });
  for (const { id, score, prediction } of rowsOf(500, 8))
    monitor.core.recordPrediction({ id, score: score ** 3, prediction, features: { x: score } });
  const { features } = monitor.core.drift();
  expect(features.map(({ feature, verdict }) => [feature, verdict])).toEqual([
    ['x', 'stable'],
    ['__score__', 'drifted'],
  ]);
});

describe('a probability for each class', () => {
  const CLASSES = ['a', 'b', 'c'];
  const PREDICTIONS = [
    [{ a: 0.7, b: 0.2, c: 0.1 }, 'a', 'a'],
    [{ a: 0.1, b: 0.5, c: 0.4 }, 'b', 'c'],
    [{ a: 0.3, b: 0.3, c: 0.4 }, 'c', 'c'],
  ] as const;

  test('log-loss and Brier over all classes, calibration of the predicted one', () => {
    const monitor = new TestCore({ classes: CLASSES });
    PREDICTIONS.forEach(([own, prediction, label], row) => {
      monitor.core.recordPrediction({ id: String(row), prediction, scores: own });
      monitor.core.recordLabel(String(row), label);
    });
    const { metrics, estimated } = monitor.core.performance();
    expect(metrics.log_loss?.value).toBeCloseTo(-(Math.log(0.7) + 2 * Math.log(0.4)) / 3, 12);
    expect(metrics.brier?.value).toBeCloseTo(
      (0.09 + 0.04 + 0.01 + (0.01 + 0.25 + 0.36) + (0.09 + 0.09 + 0.36)) / 3,
      12,
    );
    expect(metrics.roc_auc).toBeUndefined();
    expect(estimated?.accuracy?.n).toBe(3);
    expect(estimated?.f1).toBeUndefined();
    expect(monitor.value('calibrationCorrect', { prediction: 'a', bin: '10' })).toBe(1);
    expect((monitor.value('scoreLogLoss') as number) / 3).toBeCloseTo(metrics.log_loss?.value as number, 12);
  });

  test.each([
    ['do not sum to 1', { a: 0.5, b: 0.2, c: 0.1 }],
    ['leave one out', { a: 0.5, b: 0.5 }],
    ['are text', { a: '1', b: 0, c: 0 }],
    ['are not an object', 0.5],
  ])('probabilities that %s are counted as an invalid score', (_what, own) => {
    const monitor = new TestCore({ classes: CLASSES });
    monitor.core.recordPrediction({ prediction: 'a', scores: untyped(own) });
    expect(monitor.counted('rejected')).toEqual({ invalid_score: 1 });
  });

  test('a label that was not declared has no loss, and is still right or wrong', () => {
    const monitor = new TestCore({ classes: CLASSES });
    monitor.core.recordPrediction({ id: '1', prediction: 'a', scores: { a: 1, b: 0, c: 0 } });
    monitor.core.recordLabel('1', 'z');
    const { metrics } = monitor.core.performance();
    expect([metrics.log_loss?.n, metrics.ece?.n, metrics.accuracy.value]).toEqual([0, 1, 0]);
  });

  test('with a positive class its probability is the score', () => {
    const monitor = new TestCore(BINARY);
    monitor.core.recordPrediction({ id: '1', prediction: 'yes', scores: { no: 0.2, yes: 0.8 } });
    monitor.core.recordLabel('1', 'yes');
    expect(monitor.core.performance().metrics.brier?.value).toBeCloseTo(0.04, 12);
  });
});
