/** Labels that come late, twice, corrected, for nobody or never: each counted under its status, the metrics exact. */
import { START, TestCore } from '../support/core.ts';

const HOUR = 3_600_000;
const OPTIONS = { labelDeadlineSeconds: 3_600, maxAgeSeconds: 2 * 3_600, capacity: 3 };

test('joined until the deadline, late after it; the delay is measured', () => {
  const monitor = new TestCore(OPTIONS);
  monitor.core.recordPrediction({ id: 'x', prediction: 'a' });
  monitor.core.recordPrediction({ id: 'y', prediction: 'a' });
  monitor.now += HOUR;
  monitor.core.recordLabel('x', 'a');
  monitor.now += 1;
  monitor.core.recordLabel('y', 'a');
  expect(monitor.counted('labels')).toEqual({ joined: 1, late: 1 });
  expect(monitor.histogram('labelDelay')).toEqual({ count: 2, sum: 7_200.001 });
});

test('the times that rows carry decide over the delay', () => {
  const monitor = new TestCore(OPTIONS);
  monitor.core.recordPrediction({ id: 'x', prediction: 'a', timestamp: '2025-12-31T23:00:00Z' });
  monitor.core.recordLabel('x', 'a', { timestamp: new Date(START - HOUR + 5_000) });
  expect(monitor.histogram('labelDelay')).toEqual({ count: 1, sum: 5 });
  expect(monitor.core.performance()).toMatchObject({
    from: '2025-12-31T23:00:00.000Z',
    to: '2025-12-31T23:00:00.000Z',
  });
});

test('a corrected label takes the old outcome back, by its twin and in the report', () => {
  const monitor = new TestCore({ ...OPTIONS, classes: ['a', 'b', 'c'] });
  monitor.core.recordPrediction({ id: 'x', prediction: 'a' });
  monitor.core.recordLabel('x', 'a');
  monitor.core.recordLabel('x', 'b');
  expect(monitor.counted('labels')).toEqual({ joined: 1, corrected: 1 });
  expect(monitor.value('outcomesRevoked', { class: 'a', outcome: 'tp' })).toBe(1);
  expect(monitor.value('outcomes', { class: 'a', outcome: 'tp' })).toBe(1);
  expect(monitor.value('outcomes', { class: 'a', outcome: 'fp' })).toBe(1);
  expect(monitor.value('outcomes', { class: 'b', outcome: 'fn' })).toBe(1);
  expect(monitor.value('exactRevoked', { result: 'correct' })).toBe(1);
  expect(monitor.value('exact', { result: 'incorrect' })).toBe(1);
  expect(monitor.value('confusionRevoked', { actual: 'a', predicted: 'a' })).toBe(1);
  expect(monitor.value('confusion', { actual: 'b', predicted: 'a' })).toBe(1);
  const report = monitor.core.performance();
  expect(report.metrics.accuracy).toMatchObject({ value: 0, n: 1 });
  expect(report.confusion).toMatchObject({ a: { a: 0 }, b: { a: 1 } });
  expect(report.labeled).toBe(1);
});

test('the delay is that of the first label, whatever is corrected later', () => {
  const monitor = new TestCore(OPTIONS);
  monitor.core.recordPrediction({ id: 'x', prediction: 'a' });
  monitor.now += 1_000;
  monitor.core.recordLabel('x', 'a');
  monitor.now += 60_000;
  monitor.core.recordLabel('x', 'b');
  expect(monitor.histogram('labelDelay')).toEqual({ count: 1, sum: 1 });
});

test('the same label again is a duplicate and changes nothing', () => {
  const monitor = new TestCore(OPTIONS);
  monitor.core.recordPrediction({ id: 'x', prediction: 'a' });
  monitor.core.recordLabel('x', 'a');
  const before = monitor.core.performance();
  monitor.core.recordLabel('x', 'a');
  expect(monitor.core.performance()).toEqual(before);
  expect(monitor.counted('labels')).toEqual({ joined: 1, duplicate: 1 });
});

test('a label for an id nobody knows', () => {
  const monitor = new TestCore(OPTIONS);
  monitor.core.recordLabel('nobody', 'a');
  expect(monitor.counted('labels')).toEqual({ unknown: 1 });
  expect(monitor.core.performance().labeled).toBe(0);
});

test('too old: the prediction expires and its label is unknown', () => {
  const monitor = new TestCore(OPTIONS);
  monitor.core.recordPrediction({ id: 'x', prediction: 'a' });
  monitor.now += 2 * HOUR + 1;
  monitor.core.recordLabel('x', 'a');
  expect(monitor.counted('labels')).toEqual({ expired: 1, unknown: 1 });
  expect(monitor.core.performance()).toMatchObject({
    predictions: 1,
    pending: 0,
    labeled: 0,
    coverage: 0,
    final: true,
  });
});

test('an id may come again once its prediction has expired', () => {
  const monitor = new TestCore(OPTIONS);
  monitor.core.recordPrediction({ id: 'x', prediction: 'a' });
  monitor.now += 2 * HOUR + 1;
  monitor.core.recordPrediction({ id: 'x', prediction: 'b' });
  expect(monitor.counted('rejected')).toEqual({});
  expect(monitor.counted('labels')).toEqual({ expired: 1 });
  monitor.core.recordLabel('x', 'b');
  expect(monitor.core.performance()).toMatchObject({ predictions: 2, labeled: 1, metrics: { accuracy: { value: 1 } } });
});

test('a collection alone finds what has expired', () => {
  const monitor = new TestCore(OPTIONS);
  monitor.core.recordPrediction({ id: 'x', prediction: 'a' });
  expect(monitor.value('pending')).toBe(1);
  monitor.now += 2 * HOUR + 1;
  expect(monitor.value('pending')).toBe(0);
  expect(monitor.counted('labels')).toEqual({ expired: 1 });
});

test('beyond the capacity the oldest makes room', () => {
  const monitor = new TestCore(OPTIONS);
  for (const id of ['1', '2', '3', '4']) monitor.core.recordPrediction({ id, prediction: 'a' });
  monitor.core.recordLabel('1', 'a');
  monitor.core.recordLabel('2', 'a');
  expect(monitor.counted('labels')).toEqual({ expired: 1, unknown: 1, joined: 1 });
  expect(monitor.core.performance()).toMatchObject({
    predictions: 4,
    pending: 2,
    labeled: 1,
    coverage: 0.5,
    final: false,
  });
});
