/** Versions judged on the same rows: the measures are those of live traffic, the differences are paired. */
import { rocAuc } from '../../../collector/src/performance/scores/roc-auc.ts';
import type { PredictedValue } from '../../../collector/src/prediction.ts';
import { evaluateVersions } from '../../../collector/src/retraining/evaluation/evaluate-versions.ts';
import type { EvaluatedModel } from '../../../collector/src/retraining/evaluation/evaluation.ts';
import type { VersionAnswer } from '../../../collector/src/retraining/trainer.ts';

const BINARY: EvaluatedModel = { model: 'churn', task: 'classification', classes: ['no', 'yes'], positiveClass: 'yes' };

const rowsOf = (labels: readonly PredictedValue[]) => labels.map((label, index) => ({ id: `r${index}`, label }));
const versionOf = (version: string, answers: readonly VersionAnswer[]) => ({
  version,
  answers: new Map(answers.map((answer, index) => [`r${index}`, answer] as const)),
});

/** n choose k. */
function choose(n: number, k: number): number {
  return k === 0 ? 1 : (choose(n - 1, k - 1) * n) / k;
}

test('metrics of a classifier with scores, equal to the measures themselves', () => {
  const labels = ['yes', 'no', 'yes', 'no', 'yes', 'no', 'no', 'yes', 'no', 'no', 'yes', 'yes'];
  const scores = [0.9, 0.1, 0.4, 0.6, 0.8, 0.3, 0.35, 0.7, 0.2, 0.75, 0.55, 0.45];
  const answers = scores.map((score, index) => ({
    ...{ prediction: score >= 0.5 ? 'yes' : 'no', score },
    ...(index < 5 && { durationSeconds: (index + 1) / 100 }),
  }));
  const { rows, versions } = evaluateVersions(BINARY, rowsOf(labels), [versionOf('1', answers)]);
  expect([rows, versions.length]).toEqual([12, 1]);
  const { version, metrics, classes, latency, difference } = versions[0]!;
  expect([version, difference]).toEqual(['1', null]);
  const positives = labels.map((label) => Number(label === 'yes'));
  const right = answers.filter(({ prediction }, index) => prediction === labels[index]).length;
  expect(metrics.accuracy).toMatchObject({ value: right / 12, n: 12 });
  const brier = scores.reduce((sum, score, index) => sum + (score - (positives[index] as number)) ** 2, 0) / 12;
  expect(metrics.brier?.value).toBeCloseTo(brier, 12);
  // Exact, not binned.
  expect(metrics.roc_auc).toMatchObject({ value: rocAuc(scores, positives).value, n: 12 });
  expect(classes.map(({ class: name, support }) => [name, support])).toEqual([
    ['no', 6],
    ['yes', 6],
  ]);
  expect(latency).toEqual({ n: 5, p50: 0.03, p95: expect.closeTo(0.05) });
});

test('versions are compared with the first, row by row (exact McNemar)', () => {
  const labels = Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? 'yes' : 'no'));
  const wrong = (label: string) => (label === 'yes' ? 'no' : 'yes');
  /** Right but for the rows named. */
  const but = (...misses: number[]) =>
    labels.map((label, index) => ({ prediction: misses.includes(index) ? wrong(label) : label }));
  const { versions } = evaluateVersions(BINARY, rowsOf(labels), [
    versionOf('1', but(0, 1, 2, 3, 4, 5, 6, 7, 8)),
    versionOf('2', but(8, 9)),
    versionOf('3', but(0, 1, 2, 3, 4, 5, 6, 7, 8)),
  ]);
  const [, better, same] = versions;
  // 8 rows only the second got right, 1 only the first.
  expect(better?.difference).toMatchObject({ from: '1', metric: 'accuracy', onlyThis: 8, onlyFirst: 1 });
  expect(better?.difference?.difference).toMatchObject({ value: 7 / 40, n: 40 });
  expect(better?.difference?.pValue).toBeCloseTo((2 * (choose(9, 0) + choose(9, 1))) / 2 ** 9, 12);
  expect(same?.difference).toMatchObject({ onlyThis: 0, onlyFirst: 0, pValue: 1 });
  expect(same?.difference?.difference.value).toBe(0);
});

test('a regression: errors, and the paired difference of absolute errors', () => {
  const labels = [1, 2, 3, 4, 5, 6];
  const model: EvaluatedModel = { model: 'price', task: 'regression' };
  const { versions } = evaluateVersions(model, rowsOf(labels), [
    versionOf(
      '1',
      labels.map((label, index) => ({ prediction: label + (index % 2 === 0 ? 2 : -2) })),
    ),
    versionOf(
      '2',
      labels.map((label, index) => ({ prediction: label + (index === 0 ? 1.5 : 1) })),
    ),
  ]);
  expect(versions[0]?.metrics.mae).toMatchObject({ value: 2, n: 6 });
  expect(versions[0]?.metrics.r2?.value).toBeCloseTo(1 - 24 / 17.5, 12);
  expect(versions[0]?.metrics.accuracy.value).toBeNull();
  const difference = versions[1]?.difference;
  expect(difference).toMatchObject({ metric: 'mae', from: '1', onlyThis: null, onlyFirst: null });
  expect(difference?.difference.value).toBeCloseTo((6.5 - 12) / 6, 12);
  expect(difference?.pValue).toBeLessThan(0.001);
});

test('several labels are a set: right where all are there, in whatever order', () => {
  const model: EvaluatedModel = { model: 'tags', task: 'multilabel', classes: ['a', 'b', 'c'] };
  const rows = rowsOf([['a', 'b'], [], ['c']]);
  const { versions } = evaluateVersions(model, rows, [
    versionOf('1', [{ prediction: ['a'] }, { prediction: [] }, { prediction: ['c'] }]),
    versionOf('2', [{ prediction: ['b', 'a'] }, { prediction: [] }, { prediction: ['c'] }]),
  ]);
  expect(versions[1]?.difference).toMatchObject({ onlyThis: 1, onlyFirst: 0 });
  expect(versions[1]?.metrics.subset_accuracy?.value ?? versions[1]?.metrics.accuracy.value).toBe(1);
});

test('classes are the same whether text or number; classes nobody declared are found', () => {
  const model: EvaluatedModel = { model: 'digits', task: 'classification' };
  const rows = rowsOf(['0', '1', '1']);
  const { versions } = evaluateVersions(model, rows, [
    versionOf('1', [{ prediction: 0 }, { prediction: '1' }, { prediction: '0' }]),
    versionOf('2', [{ prediction: '0' }, { prediction: 1 }, { prediction: 1 }]),
  ]);
  expect(versions.map(({ metrics }) => metrics.accuracy.value)).toEqual([2 / 3, 1]);
  expect(versions[1]?.difference?.onlyThis).toBe(1);
  expect(versions[1]?.latency).toEqual({ n: 0, p50: null, p95: null });
});

test('a row that is not answered is no row that is wrong', () => {
  expect(() => evaluateVersions(BINARY, rowsOf(['yes', 'no']), [versionOf('1', [{ prediction: 'yes' }])])).toThrow(
    'version 1 did not answer row r1',
  );
});
