/** A wrapped function behaves as before: same results, same errors; recording is all that is added. */
import { untyped } from '../support/core.ts';
import { exported } from '../support/exported.ts';

const failure = new Error('model');

describe('results pass untouched', () => {
  test('sync', async () => {
    const { monitor, value } = exported();
    const result = { prediction: 'a', score: 0.9, id: 'x', extra: [1] };
    const predict = monitor.wrap((_input: { age: number }) => result);
    expect(predict({ age: 1 })).toBe(result);
    expect(await value('predictions', { prediction: 'a' })).toBe(1);
    expect(await value('duration')).toBe(1);
    expect(await value('score')).toBe(1);
    monitor.recordLabel('x', 'a');
    expect((await monitor.performance()).labeled).toBe(1);
  });

  test('async', async () => {
    const { monitor, value } = exported();
    const predict = monitor.wrap(async (input: { age: number }) => (await Promise.resolve(input.age)) > 17);
    const pending = predict({ age: 18 });
    expect(await value('predictions', { prediction: 'true' })).toBeUndefined();
    expect(await pending).toBe(true);
    expect(await value('predictions', { prediction: 'true' })).toBe(1);
  });

  test('`this` and every argument reach the function', () => {
    const { monitor } = exported();
    const model = {
      bias: 2,
      predict: monitor.wrap(function (this: { bias: number }, a: number, b: number) {
        return a + b + this.bias;
      } as (a: number, b: number) => number),
    };
    expect(model.predict(1, 2)).toBe(5);
  });

  test.each([undefined, null, Number.NaN, [], () => 1, Symbol('s'), new Map()])(
    'a result that is no class: %p',
    (result) => {
      const { monitor } = exported();
      expect(monitor.wrap(() => result)()).toBe(result);
    },
  );
});

describe('errors pass untouched', () => {
  test.each([failure, 'text', undefined, null])('thrown: %p', async (error) => {
    const { monitor, value } = exported();
    const predict = monitor.wrap(() => {
      throw error;
    });
    let caught: unknown = 'nothing';
    try {
      predict();
    } catch (thrown) {
      caught = thrown;
    }
    expect(caught).toBe(error);
    expect(await value('errors', { reason: 'predict_failed' })).toBe(1);
    expect((await monitor.performance()).predictions).toBe(0);
  });

  test('rejected', async () => {
    const { monitor, value } = exported();
    await expect(monitor.wrap(() => Promise.reject(failure))()).rejects.toBe(failure);
    expect(await value('errors', { reason: 'predict_failed' })).toBe(1);
  });
});

describe('what users add cannot disturb the model', () => {
  const thrower = () => {
    throw failure;
  };

  test('a toRow that throws', async () => {
    const { monitor, value } = exported();
    expect(monitor.wrap(() => 'a', { toRow: thrower })()).toBe('a');
    expect(await value('errors', { reason: 'to_row_failed' })).toBe(1);
  });

  test('a toRow whose row throws when it is read', async () => {
    const { monitor, value } = exported();
    const row = Object.defineProperty({}, 'prediction', { get: thrower, enumerable: true });
    expect(monitor.wrap(() => 'a', { toRow: () => untyped(row) })()).toBe('a');
    expect(await value('errors', { reason: 'to_row_failed' })).toBe(1);
  });

  test('a result whose getter throws', async () => {
    const { monitor, value } = exported();
    const result = Object.defineProperty({}, 'prediction', { get: thrower });
    expect(monitor.wrap(() => result)()).toBe(result);
    expect(await value('errors', { reason: 'to_row_failed' })).toBe(1);
  });

  test('an argument whose getters throw is recorded without that feature', async () => {
    const { monitor, value } = exported();
    const input = Object.defineProperty({}, 'age', { get: thrower, enumerable: true });
    expect(monitor.wrap((_input: object) => 'a')(input)).toBe('a');
    expect(await value('predictions', { prediction: 'a' })).toBe(1);
  });

  test('an onRecorded that throws, and one that rejects later', async () => {
    const { monitor, value } = exported();
    expect(monitor.wrap(() => 'a', { onRecorded: thrower })()).toBe('a');
    expect(monitor.wrap(() => 'a', { onRecorded: () => Promise.reject(failure) })()).toBe('a');
    await new Promise(setImmediate);
    expect(await value('errors', { reason: 'callback_failed' })).toBe(2);
  });
});

test('onRecorded hands over the id under which the label joins', async () => {
  const { monitor } = exported();
  const ids: string[] = [];
  const predict = monitor.wrap((age: number) => (age > 17 ? 'adult' : 'child'), {
    toRow: ([age], prediction) => ({ prediction, features: { age } }),
    onRecorded: (id) => void ids.push(id),
  });
  predict(20);
  predict(3);
  expect(new Set(ids).size).toBe(2);
  for (const id of ids) monitor.recordLabel(id, 'adult');
  expect((await monitor.performance()).metrics.accuracy).toMatchObject({ value: 0.5, n: 2 });
});

test('a result with a probability for each class and a segment is recorded with them', async () => {
  const { monitor } = exported({ classes: ['no', 'yes'], positiveClass: 'yes', segments: ['web'] });
  monitor.wrap(() => ({ prediction: 'yes', scores: { no: 0.2, yes: 0.8 }, segment: 'web', id: 'x' }))();
  monitor.recordLabel('x', 'yes');
  const { metrics, segments } = await monitor.performance();
  expect(metrics.brier?.value).toBeCloseTo(0.04, 12);
  expect(segments.map(({ segment, labeled }) => [segment, labeled])).toEqual([['web', 1]]);
});

test('a list of labels is the prediction of a model that gives several', async () => {
  const { monitor } = exported({ task: 'multilabel' });
  expect(monitor.wrap((_input: { x: number }) => ['a', 'b'])({ x: 1 })).toEqual(['a', 'b']);
  expect((await monitor.performance()).predictions).toBe(1);
});
