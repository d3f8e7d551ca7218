/** Whatever model code hands over: it is counted under its name, and nothing is thrown. */
import { profileReference } from '../../../collector/src/distribution/profile.ts';
import type { ClassValue, PredictionRow, TimeValue } from '../../../collector/src/prediction.ts';
import { TestCore, untyped } from '../support/core.ts';

const reference = profileReference(
  Array.from({ length: 100 }, (_, row) => ({ age: row, plan: row % 2 === 0 ? 'basic' : 'gold' })),
);
const thrower = () => {
  throw new Error('getter');
};

describe('predictions', () => {
  const good = { prediction: 'a', features: { age: 1, plan: 'gold' } };
  const rows: [name: string, row: unknown, counted: Record<string, number>, recorded: number][] = [
    ['good', good, {}, 1],
    ['frozen', Object.freeze({ ...good, features: Object.freeze({ ...good.features }) }), {}, 1],
    ['undeclared class', { prediction: 'never seen' }, { unknown_class: 1 }, 1],
    ['no prediction', {}, { invalid_prediction: 1 }, 0],
    ['null prediction', { prediction: null }, { invalid_prediction: 1 }, 0],
    ['NaN prediction', { prediction: Number.NaN }, { invalid_prediction: 1 }, 0],
    ['object prediction', { prediction: {} }, { invalid_prediction: 1 }, 0],
    ['symbol prediction', { prediction: Symbol('a') }, { invalid_prediction: 1 }, 0],
    ['function prediction', { prediction: thrower }, { invalid_prediction: 1 }, 0],
    ['class of a megabyte', { prediction: 'x'.repeat(1_000_000) }, { invalid_prediction: 1 }, 0],
    ['bigint prediction', { prediction: 7n }, { unknown_class: 1 }, 1],
    ['empty id', { ...good, id: '' }, { invalid_id: 1 }, 1],
    ['long id', { ...good, id: 'i'.repeat(257) }, { invalid_id: 1 }, 1],
    ['object id', { ...good, id: {} }, { invalid_id: 1 }, 1],
    ['symbol id', { ...good, id: Symbol('id') }, { invalid_id: 1 }, 1],
    ['text for a time', { ...good, timestamp: 'yesterday' }, { invalid_timestamp: 1 }, 1],
    ['time beyond dates', { ...good, timestamp: 1e300 }, { invalid_timestamp: 1 }, 1],
    ['symbol for a time', { ...good, timestamp: Symbol('now') }, { invalid_timestamp: 1 }, 1],
    ['invalid date', { ...good, timestamp: new Date(Number.NaN) }, { invalid_timestamp: 1 }, 1],
    ['score above 1', { ...good, score: 1.1 }, { invalid_score: 1 }, 1],
    ['NaN score', { ...good, score: Number.NaN }, { invalid_score: 1 }, 1],
    ['text score', { ...good, score: '0.5' }, { invalid_score: 1 }, 1],
    ['bigint score', { ...good, score: 1n }, { invalid_score: 1 }, 1],
    ['symbol score', { ...good, score: Symbol('s') }, { invalid_score: 1 }, 1],
    ['negative duration', { ...good, durationSeconds: -1 }, { invalid_duration: 1 }, 1],
    ['infinite duration', { ...good, durationSeconds: Number.POSITIVE_INFINITY }, { invalid_duration: 1 }, 1],
    ['bigint duration', { ...good, durationSeconds: 1n }, { invalid_duration: 1 }, 1],
    ['features as text', { ...good, features: 'age=1' }, {}, 1],
    ['null features', { ...good, features: null }, {}, 1],
  ];
  test.each(rows)('%s', (_name, row, counted, recorded) => {
    const monitor = new TestCore({ classes: ['a', 'b'], reference });
    expect(monitor.core.recordPrediction(untyped<PredictionRow>(row))).toMatch(/./);
    expect(monitor.counted('rejected')).toEqual(counted);
    expect(monitor.counted('errors')).toEqual({});
    expect(monitor.core.performance().predictions).toBe(recorded);
    expect(monitor.core.performance().pending).toBe(recorded);
  });

  const unreadable: [name: string, row: unknown][] = [
    ['nothing', undefined],
    ['null', null],
    ['a getter that throws for the id', Object.defineProperty({ ...good }, 'id', { get: thrower })],
    ['a getter that throws for the prediction', Object.defineProperty({}, 'prediction', { get: thrower })],
    ['a getter that throws for the features', Object.defineProperty({ ...good }, 'features', { get: thrower })],
    ['a getter that throws for the score', Object.defineProperty({ ...good }, 'score', { get: thrower })],
    ['a proxy that throws for everything', new Proxy({}, { get: thrower, has: thrower, ownKeys: thrower })],
    ['a revoked proxy', revokedProxy()],
  ];
  test.each(unreadable)('%s is one failed recording, and nothing half recorded', (_name, row) => {
    const monitor = new TestCore({ classes: ['a', 'b'], reference });
    expect(monitor.core.recordPrediction(untyped<PredictionRow>(row))).toMatch(/./);
    expect(monitor.counted('errors')).toEqual({ recording_failed: 1 });
    expect(monitor.core.performance()).toMatchObject({ predictions: 0, pending: 0 });
    expect(monitor.core.distribution().n).toBe(0);
  });

  test('a row without id gets one, and its label joins under it', () => {
    const monitor = new TestCore();
    monitor.core.recordLabel(monitor.core.recordPrediction({ prediction: 'a' }), 'a');
    expect(monitor.counted('labels')).toEqual({ joined: 1 });
  });

  test('an id used twice: the first prediction stays, the second is rejected', () => {
    const monitor = new TestCore();
    monitor.core.recordPrediction({ id: 'x', prediction: 'a' });
    expect(monitor.core.recordPrediction({ id: 'x', prediction: 'b' })).toBe('x');
    expect(monitor.counted('rejected')).toEqual({ duplicate_id: 1 });
    monitor.core.recordLabel('x', 'a');
    expect(monitor.core.performance()).toMatchObject({ predictions: 1, metrics: { accuracy: { value: 1, n: 1 } } });
  });
});

describe('labels', () => {
  const calls: [name: string, id: unknown, label: unknown, time: unknown, rejected: Record<string, number>][] = [
    ['symbol id', Symbol('x'), 'a', undefined, { invalid_id: 1 }],
    ['no id', undefined, 'a', undefined, { invalid_id: 1 }],
    ['no label', 'x', undefined, undefined, { invalid_label: 1 }],
    ['symbol label', 'x', Symbol('a'), undefined, { invalid_label: 1 }],
    ['label of a megabyte', 'x', 'y'.repeat(1_000_000), undefined, { invalid_label: 1 }],
    ['class never seen', 'x', 'zebra', undefined, { unknown_class: 1 }],
    ['text for a time', 'x', 'a', 'soon', { invalid_timestamp: 1 }],
  ];
  test.each(calls)('%s', (_name, id, label, timestamp, rejected) => {
    const monitor = new TestCore({ classes: ['a', 'b'] });
    monitor.core.recordPrediction({ id: 'x', prediction: 'a' });
    monitor.core.recordLabel(untyped<string>(id), untyped<ClassValue>(label), {
      timestamp: untyped<TimeValue>(timestamp),
    });
    expect(monitor.counted('rejected')).toEqual(rejected);
    expect(monitor.counted('errors')).toEqual({});
  });

  test('options that throw are one failed recording', () => {
    const monitor = new TestCore();
    monitor.core.recordPrediction({ id: 'x', prediction: 'a' });
    monitor.core.recordLabel('x', 'a', Object.defineProperty({}, 'timestamp', { get: thrower }));
    monitor.core.recordLabel('x', 'a', untyped(null));
    expect(monitor.counted('errors')).toEqual({ recording_failed: 1 });
    expect(monitor.counted('labels')).toEqual({ joined: 1 });
  });

  test.each(['', '   ', '"', '\\', '\n', '{a="b"}', '__proto__', 'constructor', '🦓', '\ud800', '__other__'])(
    'hostile class %j is a class like any other',
    (name) => {
      const monitor = new TestCore();
      monitor.core.recordLabel(monitor.core.recordPrediction({ prediction: name }), name);
      const report = monitor.core.performance();
      expect(report.metrics.accuracy).toMatchObject({ value: 1, n: 1 });
      const written = name === '\ud800' ? '\ufffd' : name;
      expect(Object.entries(report.confusion ?? {})).toEqual([[written, Object.fromEntries([[written, 1]])]]);
      expect(monitor.value('outcomes', { class: written, outcome: 'tp' })).toBe(1);
    },
  );
});

test('nothing throws after close: records are counted as dropped', () => {
  const monitor = new TestCore();
  monitor.core.close();
  monitor.core.recordLabel(monitor.core.recordPrediction({ prediction: 'a' }), 'a');
  expect(monitor.counted('dropped')).toEqual({ closed: 2 });
  expect(monitor.core.performance().predictions).toBe(0);
});

function revokedProxy(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
