/** Feature values: what is counted where, and what reaches the drift window. */
import { profileReference } from '../../../collector/src/distribution/profile.ts';
import { referenceLabel } from '../../../collector/src/distribution/reference.ts';
import type { FeatureValue } from '../../../collector/src/prediction.ts';
import { TestCore, untyped } from '../support/core.ts';

const rows = Array.from({ length: 100 }, (_, row) => ({ age: row, plan: row % 4 === 0 ? 'gold' : 'basic' }));
const reference = profileReference(rows, { bins: 4 });
const FEATURES = { age: { min: 0, max: 120 } };

function recorded(feature: 'age' | 'plan', value: unknown): TestCore {
  const monitor = new TestCore({ reference, features: FEATURES, window: 10 });
  const rest = feature === 'age' ? { plan: 'gold' } : { age: 1 };
  monitor.core.recordPrediction({
    prediction: 'a',
    features: { ...rest, [feature]: untyped<FeatureValue>(value) },
  });
  return monitor;
}

const invalid: [feature: 'age' | 'plan', value: unknown, reason: string][] = [
  ['age', undefined, 'missing'],
  ['age', null, 'missing'],
  ['age', Number.NaN, 'missing'],
  ['age', '41', 'type'],
  ['age', true, 'type'],
  ['age', 41n, 'type'],
  ['age', Symbol('41'), 'type'],
  ['age', {}, 'type'],
  ['age', -1, 'range'],
  ['age', 121, 'range'],
  ['age', Number.POSITIVE_INFINITY, 'range'],
  ['age', Number.NEGATIVE_INFINITY, 'range'],
  ['plan', undefined, 'missing'],
  ['plan', Number.NaN, 'missing'],
  ['plan', {}, 'type'],
  ['plan', () => 'gold', 'type'],
  ['plan', 'platinum', 'unseen'],
  ['plan', Symbol('gold'), 'unseen'],
  ['plan', 7n, 'unseen'],
  ['plan', '__proto__', 'unseen'],
];
test.each(invalid)('%s = %p is %s', (feature, value, reason) => {
  const monitor = recorded(feature, value);
  expect(monitor.value('invalid', { feature, reason })).toBe(1);
  for (const other of ['missing', 'type', 'range', 'unseen'].filter((name) => name !== reason))
    expect(monitor.value('invalid', { feature, reason: other })).toBe(0);
  expect(monitor.counted('errors')).toEqual({});
});

test('a number out of the declared range is still measured, an infinity is not', () => {
  const label = { feature: 'age', le: '+Inf', reference: referenceLabel(reference) };
  expect(recorded('age', 500).value('bucket', label)).toBe(1);
  expect(recorded('age', Number.POSITIVE_INFINITY).value('bucket', label)).toBe(0);
});

test('buckets are cumulative over the reference quantiles', () => {
  const monitor = new TestCore({ reference, window: 1_000 });
  for (const row of rows) monitor.core.recordPrediction({ prediction: 'a', features: row });
  const counts = ['24', '49', '74', '+Inf'].map((le) => monitor.value('bucket', { feature: 'age', le }));
  expect(counts).toEqual([25, 50, 75, 100]);
});

test('an unseen category counts under __other__', () => {
  expect(recorded('plan', 'platinum').value('categories', { category: '__other__' })).toBe(1);
});

test('a feature that every object has by birth is missing, not of a wrong type', () => {
  const odd = profileReference(rows.map((row) => ({ constructor: row.age, toString: row.plan })));
  const monitor = new TestCore({ reference: odd });
  monitor.core.recordPrediction({ prediction: 'a', features: {} });
  expect(monitor.value('invalid', { feature: 'constructor', reason: 'missing' })).toBe(1);
  expect(monitor.value('invalid', { feature: 'toString', reason: 'missing' })).toBe(1);
});

test('one feature whose getter throws is missing in its row, and the columns stay in step', () => {
  const monitor = new TestCore({ reference, window: 100, drift: { minimum: 50 } });
  for (const row of rows) {
    const features = { ...row };
    if (row.age === 7)
      Object.defineProperty(features, 'plan', {
        get: () => {
          throw new Error('getter');
        },
      });
    monitor.core.recordPrediction({ prediction: 'a', features });
  }
  monitor.settle();
  expect(monitor.windows.length).toBe(1);
  const n = monitor.windows[0]?.features.map(({ feature, tests }) => [feature, tests[0]?.n]);
  expect(n).toEqual([
    ['age', 100],
    ['plan', 99],
  ]);
  expect(monitor.value('window', { feature: 'plan' })).toBe(99);
});
