/** Regressions and models of several labels in the monitor. */
import { profileReference } from '../../../collector/src/distribution/profile.ts';
import { resolveOptions } from '../../../collector/src/monitor/options.ts';
import { TestCore, untyped } from '../support/core.ts';

describe('regression', () => {
  const reference = profileReference(
    Array.from({ length: 400 }, (_, row) => ({ x: row })),
    {
      values: Array.from({ length: 400 }, (_, row) => row),
      labels: Array.from({ length: 400 }, (_, row) => row + 0.5),
    },
  );

  function fed(options = {}): TestCore {
    const monitor = new TestCore({ task: 'regression', ...options });
    for (let row = 0; row < 300; row++) {
      monitor.core.recordPrediction({ id: String(row), prediction: row, features: { x: row } });
      if (row % 3 !== 0) monitor.core.recordLabel(String(row), row + (row % 2 === 0 ? 1 : -2));
    }
    return monitor;
  }

  test('errors, R² and residuals of the labelled; maturity; windows; classification metrics are null', () => {
    const { task, metrics, labeled, labeled_share, final, residuals, windows, classes, confusion } = fed({
      window: 100,
    }).core.performance();
    expect([task, labeled, final]).toEqual(['regression', 200, false]);
    expect(labeled_share).toBeCloseTo(2 / 3, 12);
    expect(metrics.mae?.value).toBeCloseTo(1.5, 12);
    expect(metrics.bias?.value).toBeCloseTo(0.5, 12);
    expect(metrics.rmse?.value).toBeCloseTo(Math.sqrt(2.5), 12);
    expect(metrics.r2?.value).toBeGreaterThan(0.999);
    expect(metrics.accuracy).toMatchObject({ value: null, n: 0 });
    expect(residuals?.map(({ quantile }) => quantile)).toEqual([0.05, 0.25, 0.5, 0.75, 0.95]);
    expect(windows.map((window) => window.metrics.mae?.n)).toEqual([66, 67, 67]);
    expect([classes, confusion]).toEqual([[], null]);
  });

  test('the counters give the same, about the mean label of the reference', () => {
    const monitor = fed({ reference });
    const { metrics } = monitor.core.performance();
    const of = (key: Parameters<TestCore['value']>[0]) => monitor.value(key) as number;
    const n = of('regressionCount');
    expect((of('regressionOvershoot') + of('regressionUndershoot')) / n).toBeCloseTo(metrics.mae?.value as number, 9);
    const spread = of('regressionLabelSquared') - (of('regressionLabelAbove') - of('regressionLabelBelow')) ** 2 / n;
    expect(1 - of('regressionSquaredError') / spread).toBeCloseTo(metrics.r2?.value as number, 9);
    expect(monitor.value('regressionCount', { reference: reference.digest.slice(0, 12) })).toBe(200);
    expect(monitor.histogram('value')).toEqual({ count: 300, sum: (299 * 300) / 2 });
  });

  test('a corrected label is taken back', () => {
    const monitor = fed();
    monitor.core.recordLabel('1', 1);
    const { metrics } = monitor.core.performance();
    expect(metrics.mae?.value).toBeCloseTo((200 * 1.5 - 2) / 200, 12);
    expect([monitor.value('regressionCount'), monitor.value('regressionCountRevoked')]).toEqual([201, 1]);
    expect(monitor.counted('labels')).toEqual({ joined: 200, corrected: 1 });
  });

  test('the predicted value is watched for drift; its errors are estimated without labels', () => {
    const monitor = fed({ reference, window: 150 });
    expect(monitor.core.drift().features.map(({ feature, verdict }) => [feature, verdict])).toEqual([
      ['x', 'drifted'],
      ['__prediction__', 'drifted'],
    ]);
    const { estimated } = monitor.core.performance();
    expect([estimated?.mae?.n, estimated?.mae?.estimated]).toEqual([300, true]);
    expect(estimated?.mae?.value).toBeCloseTo(1.5, 1);
  });

  test('a detector sees errors that grow', () => {
    const monitor = new TestCore({ task: 'regression' });
    for (let row = 0; row < 2_000; row++) {
      monitor.core.recordPrediction({ id: String(row), prediction: 0 });
      monitor.core.recordLabel(String(row), Math.sin(row) * (row < 1_000 ? 1 : 10));
    }
    expect(monitor.core.performance().detectors[0]?.detections).toBeGreaterThan(0);
  });

  test.each(['1', NaN, Infinity, 1e151, null, true, {}])('%p is no number: counted, nothing else', (value) => {
    const monitor = new TestCore({ task: 'regression' });
    monitor.core.recordPrediction({ id: 'a', prediction: untyped<number>(value) });
    monitor.core.recordPrediction({ id: 'b', prediction: 1 });
    monitor.core.recordLabel('b', untyped<number>(value));
    expect(monitor.counted('rejected')).toEqual({ invalid_prediction: 1, invalid_label: 1 });
    expect(monitor.core.performance().labeled).toBe(0);
  });

  test('no classes, hence no shares', () => {
    expect(fed().core.distribution()).toMatchObject({ classes: [], reference_shift: null });
  });

  test.each([
    [{ classes: ['a', 'b'] }, 'classes: has no meaning'],
    [{ positiveClass: 'a' }, 'positiveClass: has no meaning'],
    [{ detectors: ['ddm'] }, 'detectors: "ddm" counts right and wrong'],
  ])('%j does not go with it', (options, message) => {
    expect(() => resolveOptions({ model: 'm', version: '1', task: 'regression', ...untyped<object>(options) })).toThrow(
      message,
    );
  });

  test('a task that does not exist is refused', () => {
    expect(() => resolveOptions({ model: 'm', version: '1', task: untyped('ranking') })).toThrow(
      'task: there is no "ranking"',
    );
  });
});

describe('several labels', () => {
  const OPTIONS = { task: 'multilabel', classes: ['cat', 'dog', 'cow'] } as const;

  function fed(): TestCore {
    const monitor = new TestCore(OPTIONS);
    const rows: [string[], string[]][] = [
      [
        ['cat', 'dog'],
        ['dog', 'cat', 'cat'],
      ],
      [['cat'], ['cat', 'cow']],
      [[], []],
      [['dog'], ['cat']],
    ];
    rows.forEach(([prediction, label], row) => {
      monitor.core.recordPrediction({ id: String(row), prediction });
      monitor.core.recordLabel(String(row), label);
    });
    return monitor;
  }

  test('a sample is right when all its labels are; each label has its own rates', () => {
    const { metrics, classes, task } = fed().core.performance();
    expect([task, metrics.accuracy.value, metrics.subset_accuracy?.value]).toEqual(['multilabel', 0.5, 0.5]);
    expect(metrics.hamming_loss?.value).toBeCloseTo(3 / 12, 12);
    expect(classes.map((own) => [own.class, own.support, own.recall])).toEqual([
      ['cat', 3, 2 / 3],
      ['dog', 1, 1],
      ['cow', 1, 0],
    ]);
  });

  test('counters: labels predicted, outcomes per label, samples right and wrong', () => {
    const monitor = fed();
    expect(monitor.value('predictions', { prediction: 'cat' })).toBe(2);
    const outcome = (name: string, kind: string) => monitor.value('outcomes', { class: name, outcome: kind });
    expect(['tp', 'fp', 'fn'].map((kind) => outcome('cat', kind))).toEqual([2, 0, 1]);
    expect(['tp', 'fp', 'fn'].map((kind) => outcome('dog', kind))).toEqual([1, 1, 0]);
    expect(['correct', 'incorrect'].map((result) => monitor.value('exact', { result }))).toEqual([2, 2]);
  });

  test('a corrected label is taken back, the same labels in another order are a duplicate', () => {
    const monitor = fed();
    monitor.core.recordLabel('0', ['dog', 'cat']);
    monitor.core.recordLabel('3', ['dog']);
    expect(monitor.counted('labels')).toEqual({ joined: 4, duplicate: 1, corrected: 1 });
    expect(monitor.core.performance().metrics.accuracy.value).toBe(0.75);
    expect(monitor.value('outcomesRevoked', { class: 'cat', outcome: 'fn' })).toBe(1);
  });

  test.each(['cat', { 0: 'cat' }, [NaN], [null], Array.from({ length: 101 }, (_, index) => index), 7])(
    '%p is no list of labels: counted, nothing else',
    (value) => {
      const monitor = new TestCore(OPTIONS);
      monitor.core.recordPrediction({ prediction: untyped<string[]>(value) });
      expect(monitor.counted('rejected')).toEqual({ invalid_prediction: 1 });
    },
  );

  test('labels that were not declared share __other__', () => {
    const monitor = new TestCore(OPTIONS);
    monitor.core.recordPrediction({ id: 'a', prediction: ['horse'] });
    monitor.core.recordLabel('a', ['horse', 'mule']);
    expect(monitor.value('outcomes', { class: '__other__', outcome: 'tp' })).toBe(1);
    expect(monitor.counted('rejected')).toEqual({ unknown_class: 3 });
    expect(monitor.core.performance().metrics.accuracy.value).toBe(0);
  });
});
