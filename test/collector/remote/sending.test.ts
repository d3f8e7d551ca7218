/** What a remote monitor sends, and when. */
import { counted, until, useRemote } from './support/remote.ts';

const { here, remote } = useRemote();

test('predictions and labels arrive as columns, with their times, once flushed', async () => {
  const { monitor } = remote({ token: 'secret' });
  const id = monitor.recordPrediction({ prediction: 'a', score: 0.25, features: { age: 41, plan: 'basic' } });
  monitor.recordPrediction({ id: 'two', prediction: true, timestamp: new Date(5), features: { age: null } });
  monitor.recordLabel(id, 'b', { timestamp: '1970-01-01T00:00:00.007Z' });
  await monitor.flush();
  const names = { model: 'm', version: '1' };
  const features = { age: 41, plan: 'basic' };
  expect(here.collector.unique('predictions')).toEqual([
    { ...names, id, timestamp: expect.any(Number), prediction: 'a', score: 0.25, features },
    { ...names, id: 'two', timestamp: 5, prediction: true },
  ]);
  expect(here.collector.unique('labels')).toEqual([{ model: 'm', id, label: 'b', timestamp: 7 }]);
  expect(here.collector.requests.map(({ url }) => url)).toEqual(['/v1/predictions', '/v1/labels']);
  expect(here.collector.requests[0]?.headers).toMatchObject({
    authorization: 'Bearer secret',
    prefer: 'return=minimal',
    'content-type': 'application/json',
  });
});

test('everything a row can hold', async () => {
  const { monitor } = remote();
  const row = {
    id: 'all',
    timestamp: 1,
    prediction: ['x', 'y'],
    score: 1,
    scores: { x: 0.75, y: 0.25 },
    segment: 'web',
    durationSeconds: 0.5,
    key: 'user-1',
    experiment: { name: 'new-model', epoch: 2, propensity: 0.25 },
    shadowOf: 'other',
    features: { a: 1, b: 'text', c: false },
  };
  monitor.recordPrediction(row);
  await monitor.flush();
  expect(here.collector.unique('predictions')).toEqual([{ model: 'm', version: '1', ...row }]);
});

test('a batch goes when it is full or old enough, without a flush', async () => {
  const { monitor, value } = remote({ batchRows: 3, flushSeconds: 3_600 });
  for (let row = 0; row < 7; row++) monitor.recordPrediction({ prediction: 'a' });
  await until(async () => (await value('queueDepth', { place: 'memory' })) === 1);
  expect(here.collector.requests.map(({ rows }) => rows)).toEqual([3, 3]);
  const soon = remote({ flushSeconds: 0 }, { version: '2' });
  soon.monitor.recordPrediction({ prediction: 'a' });
  await until(() => here.collector.received.length === 7);
});

test('a row is copied: the program may use its object again', async () => {
  const { monitor } = remote();
  const features: Record<string, number> = { x: 1 };
  monitor.recordPrediction({ id: 'first', prediction: 'a', features });
  features['x'] = 2;
  features['y'] = 3;
  monitor.recordPrediction({ id: 'second', prediction: 'a', features });
  await monitor.flush();
  expect(here.collector.unique('predictions').map(({ features: sent }) => sent)).toEqual([{ x: 1 }, { x: 2, y: 3 }]);
});

test('gzip, where it is asked for and worth it', async () => {
  const { monitor } = remote({ gzip: true });
  monitor.recordPrediction({ prediction: 'small' });
  await monitor.flush();
  for (let row = 0; row < 500; row++) monitor.recordPrediction({ prediction: 'a', features: { text: 'the same' } });
  await monitor.flush();
  const [small, large] = here.collector.requests;
  expect(small?.headers['content-encoding']).toBeUndefined();
  expect(large?.headers['content-encoding']).toBe('gzip');
  expect(large?.bytes).toBeLessThan(8 * 1024);
  expect(here.collector.unique('predictions')).toHaveLength(501);
});

test('a token that is renewed is used from the next request on', async () => {
  let token: string | undefined = 'old';
  const { monitor } = remote({ token: () => token });
  monitor.recordPrediction({ prediction: 'a' });
  await monitor.flush();
  for (const next of ['new', undefined, 'with\nnewline']) {
    token = next;
    monitor.recordPrediction({ prediction: 'a' });
    await monitor.flush();
  }
  const sent = here.collector.requests.map(({ headers }) => headers.authorization);
  expect(sent).toEqual(['Bearer old', 'Bearer new', undefined, undefined]);
});

test('very different features from row to row stay within the size of a batch', async () => {
  const { monitor } = remote({ batchRows: 5_000 });
  for (let row = 0; row < 3_000; row++) monitor.recordPrediction({ prediction: 'a', features: { [`f${row}`]: 1 } });
  await monitor.flush();
  expect(here.collector.unique('predictions')).toHaveLength(3_000);
  expect(Math.max(...here.collector.requests.map(({ bytes }) => bytes))).toBeLessThan(1024 * 1024);
});

test('a wrapped function is timed and recorded, and its errors pass', async () => {
  const made = remote();
  const predict = made.monitor.wrap((features: { age: number }) => {
    if (features.age < 0) throw new RangeError('no');
    return { prediction: features.age > 40 ? 'old' : 'young', score: 0.5 };
  });
  expect(predict({ age: 41 })).toEqual({ prediction: 'old', score: 0.5 });
  expect(() => predict({ age: -1 })).toThrow(RangeError);
  await made.monitor.flush();
  expect(here.collector.unique('predictions')).toMatchObject([
    { prediction: 'old', score: 0.5, durationSeconds: expect.any(Number), features: { age: 41 } },
  ]);
  expect(await counted(made, 'errors', ['predict_failed', 'recording_failed'])).toEqual({ predict_failed: 1 });
});
