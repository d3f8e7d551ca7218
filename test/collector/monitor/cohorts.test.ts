/** Performance by the window a prediction was made in, by segment, as business value, and as a stream of errors. */
import { TestCore } from '../support/core.ts';

const CLASSES = ['yes', 'no'];

/** Records `count` predictions whose labels are right in `right` of ten; returns what labels them. */
function predict(monitor: TestCore, from: number, count: number, right: number, segment?: string): () => void {
  const ids = Array.from({ length: count }, (_, index) => `p${from + index}`);
  for (const id of ids) {
    monitor.now += 1_000;
    monitor.core.recordPrediction({ id, prediction: 'yes', ...(segment !== undefined && { segment }) });
  }
  return () => ids.forEach((id, index) => monitor.core.recordLabel(id, index % 10 < right ? 'yes' : 'no'));
}

test('a label counts in the window of its prediction, however late; windows say how mature they are', () => {
  const monitor = new TestCore({ classes: CLASSES, window: 20 });
  const first = predict(monitor, 0, 20, 9);
  const second = predict(monitor, 20, 20, 5);
  predict(monitor, 40, 5, 10);
  second();
  first();
  const { windows, metrics, labeled } = monitor.core.performance();
  expect(windows.map(({ start, end, open }) => [start, end, open])).toEqual([
    [0, 20, false],
    [20, 40, false],
    [40, 45, true],
  ]);
  expect(windows.map((window) => window.metrics.accuracy.value)).toEqual([0.9, 0.5, null]);
  expect(windows.map(({ labeled_share, coverage, final }) => [labeled_share, coverage, final])).toEqual([
    [1, 1, true],
    [1, 1, true],
    [0, null, false],
  ]);
  expect([labeled, metrics.accuracy.value]).toEqual([40, 0.7]);
});

test('what leaves the history still counts in the whole, also when it is labelled or corrected afterwards', () => {
  const monitor = new TestCore({ classes: CLASSES, window: 10, history: 2 });
  const late = predict(monitor, 0, 10, 10);
  for (let window = 1; window <= 5; window++) predict(monitor, 10 * window, 10, 5)();
  late();
  monitor.core.recordLabel('p0', 'no');
  const { windows, predictions, labeled, metrics, final } = monitor.core.performance();
  expect(windows.map(({ index }) => index)).toEqual([3, 4, 5]);
  expect([predictions, labeled, final]).toEqual([60, 60, true]);
  expect(metrics.accuracy.value).toBeCloseTo((9 + 25) / 60, 12);
});

test('a prediction that expires makes its window final, and lowers its coverage', () => {
  const monitor = new TestCore({ classes: CLASSES, window: 10, maxAgeSeconds: 100 });
  predict(monitor, 0, 9, 10)();
  predict(monitor, 9, 1, 10);
  expect(monitor.core.performance().windows[0]).toMatchObject({ coverage: 1, labeled_share: 0.9, final: false });
  monitor.now += 200_000;
  monitor.core.store.collect();
  expect(monitor.core.performance().windows[0]).toMatchObject({ coverage: 0.9, labeled_share: 0.9, final: true });
});

test('segments are told apart; one that was not declared is counted, and its prediction still counts', () => {
  const monitor = new TestCore({ classes: CLASSES, segments: ['web', 'app'] });
  predict(monitor, 0, 10, 9, 'web')();
  predict(monitor, 10, 10, 4, 'app')();
  predict(monitor, 20, 10, 10, 'fax')();
  const { segments, labeled } = monitor.core.performance();
  expect(segments.map(({ segment, predictions, metrics }) => [segment, predictions, metrics.accuracy.value])).toEqual([
    ['web', 10, 0.9],
    ['app', 10, 0.4],
  ]);
  expect(labeled).toBe(30);
  expect(monitor.counted('rejected')).toEqual({ unknown_segment: 10 });
});

test('predictions are worth what the matrix says; a class beyond it leaves the value open', () => {
  const values = { yes: { yes: 10, no: -5 }, no: { yes: -20, no: 0 } };
  const monitor = new TestCore({ classes: CLASSES, values, positiveClass: 'yes' });
  predict(monitor, 0, 10, 8)();
  const { value, binary } = monitor.core.performance();
  expect(value).toMatchObject({ samples: 10, total: 40, mean: { value: 4, n: 10 } });
  expect(binary).toMatchObject({ truePositives: 8, falsePositives: 2, falseNegatives: 0, trueNegatives: 0 });
  monitor.core.recordPrediction({ id: 'x', prediction: 'perhaps' });
  monitor.core.recordLabel('x', 'yes');
  expect(monitor.core.performance().value).toBeNull();
});

test('a rising error rate is detected by the detectors asked for, and a correction is not looked at twice', () => {
  const monitor = new TestCore({ classes: CLASSES, detectors: ['adwin', 'page_hinkley', 'ddm'] });
  predict(monitor, 0, 1_000, 9)();
  monitor.core.recordLabel('p0', 'no');
  expect(
    monitor.core.performance().detectors.map(({ detector, seen, detections }) => [detector, seen, detections]),
  ).toEqual([
    ['adwin', 1_000, 0],
    ['page_hinkley', 1_000, 0],
    ['ddm', 1_000, 0],
  ]);
  predict(monitor, 1_000, 1_000, 4)();
  for (const { detections, lastDetection } of monitor.core.performance().detectors) {
    expect(detections).toBeGreaterThan(0);
    expect(lastDetection).toBeGreaterThanOrEqual(1_000);
  }
});
