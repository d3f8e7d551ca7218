/** Recording takes anything: it never throws, always answers with an id, and its own books stay in order. */
import fc from 'fast-check';
import { profileReference } from '../../collector/src/distribution/profile.ts';
import type { ClassValue, PredictionRow } from '../../collector/src/prediction.ts';
import { TestCore, untyped } from '../collector/support/core.ts';
import { exported } from '../collector/support/exported.ts';

const reference = profileReference(Array.from({ length: 50 }, (_, row) => ({ x: row, c: row % 2 === 0 ? 'a' : 'b' })));
const anything = fc.anything({
  withBigInt: true,
  withDate: true,
  withMap: true,
  withNullPrototype: true,
  withTypedArray: true,
  withObjectString: true,
});

// Symbols stay readable: fast-check itself asks every value it makes for some.
const throwing = anything.map(
  (value): unknown =>
    new Proxy({ value }, { get: (_target, key) => (typeof key === 'symbol' ? undefined : thrower()) }),
);
const field = fc.oneof(
  { weight: 6, arbitrary: anything },
  { weight: 1, arbitrary: throwing },
  { weight: 1, arbitrary: fc.constant(Symbol('s')) },
);
const row = fc.oneof(
  field,
  fc.record(
    { id: field, timestamp: field, prediction: field, features: field, score: field, durationSeconds: field },
    { requiredKeys: [] },
  ),
  fc.record({
    prediction: fc.constantFrom('a', 'b'),
    features: fc.record({ x: field, c: field }, { requiredKeys: [] }),
    score: field,
  }),
);

/** Room for the few predictions of a run: half a million places would be most of the time it takes. */
const CAPACITY = 100;

const sum = (counts: Record<string, number>) => Object.values(counts).reduce((total, count) => total + count, 0);

test('any row: an id comes back, and the row is recorded or counted as refused', () => {
  fc.assert(
    fc.property(fc.array(row, { maxLength: 20 }), (rows) => {
      const monitor = new TestCore({ reference, window: 10, classes: ['a', 'b'], capacity: CAPACITY });
      for (const item of rows) {
        const made = monitor.core.recordPrediction(untyped<PredictionRow>(item));
        expect(typeof made === 'string' && made.length > 0).toBe(true);
      }
      monitor.settle();
      const rejected = monitor.counted('rejected');
      const refused = (rejected['invalid_prediction'] ?? 0) + (rejected['duplicate_id'] ?? 0);
      const failed = monitor.counted('errors');
      const { predictions, pending } = monitor.core.performance();
      expect(predictions + refused + (failed['recording_failed'] ?? 0)).toBe(rows.length);
      expect(pending).toBe(predictions);
      expect(failed['drift_failed']).toBeUndefined();
      expect(monitor.windows.length).toBe(Math.floor(predictions / 10));
    }),
    { numRuns: 200 },
  );
});

test('any value of a feature: it is counted in a bin or category, or as invalid, and once', () => {
  fc.assert(
    fc.property(fc.array(field, { maxLength: 20 }), (values) => {
      const monitor = new TestCore({ reference, window: 1_000, capacity: CAPACITY });
      for (const value of values)
        monitor.core.recordPrediction(untyped({ prediction: 'a', features: { x: value, c: 'a' } }));
      const invalid = ['missing', 'type', 'range'].map(
        (reason) => monitor.value('invalid', { feature: 'x', reason }) as number,
      );
      const held = monitor.value('bucket', { feature: 'x', le: '+Inf' }) as number;
      expect(held + invalid.reduce((total, count) => total + count, 0)).toBe(values.length);
      expect(monitor.value('categories', { feature: 'c', category: 'a' })).toBe(values.length);
      expect(monitor.counted('errors')).toEqual({});
    }),
  );
});

test('any label for any id: one status, one refusal or one failure each', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.oneof(fc.constant('x'), field), field, field), { maxLength: 20 }), (calls) => {
      const monitor = new TestCore({ capacity: CAPACITY });
      monitor.core.recordPrediction({ id: 'x', prediction: 'a' });
      for (const [id, label, options] of calls)
        monitor.core.recordLabel(untyped<string>(id), untyped<ClassValue>(label), untyped(options));
      const rejected = monitor.counted('rejected');
      const refused = (rejected['invalid_id'] ?? 0) + (rejected['invalid_label'] ?? 0);
      expect(sum(monitor.counted('labels')) + refused + sum(monitor.counted('errors'))).toBe(calls.length);
      expect(monitor.core.performance().labeled).toBe(monitor.counted('labels')['joined'] ?? 0);
    }),
    { numRuns: 150 },
  );
});

test('wrapped functions return whatever they return', () => {
  const { monitor } = exported({ capacity: CAPACITY });
  fc.assert(
    fc.property(field, field, (input, result) => {
      expect(monitor.wrap((_input: unknown) => result)(input)).toBe(result);
    }),
  );
});

function thrower(): never {
  throw new Error('trap');
}
