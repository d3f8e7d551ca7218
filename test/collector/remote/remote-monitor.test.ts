/** The remote monitor as a program sees it, against a collector on loopback. */
import { createHmac } from 'node:crypto';
import { createMonitor, hashFeature, type Monitor, type PlumblineError } from '../../../collector/src/index.ts';
import type { CollectorOptions, CreateMonitorOptions } from '../../../collector/src/index.ts';
import { untyped } from '../support/core.ts';
import { exported } from '../support/exported.ts';
import { FakeCollector, type Fate } from './support/fake-collector.ts';

let collector: FakeCollector;
const monitors: Monitor[] = [];
beforeEach(async () => {
  collector = await new FakeCollector().listen();
});
afterEach(async () => {
  await Promise.all(monitors.splice(0).map((monitor) => monitor.close()));
  await collector.close();
});

function remote(options: Partial<CollectorOptions> = {}, others: Partial<CreateMonitorOptions> = {}) {
  const errors: PlumblineError[] = [];
  const onError = (error: PlumblineError) => void errors.push(error);
  const made = exported({ ...others, collector: { url: collector.url, closeSeconds: 0.05, onError, ...options } });
  monitors.push(made.monitor);
  return { ...made, errors };
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve));
}

/** Reasons counted more than 0 times. */
async function counted(
  { value }: ReturnType<typeof remote>,
  key: 'dropped' | 'rejected' | 'errors',
  reasons: string[],
) {
  const found = await Promise.all(reasons.map(async (reason) => [reason, await value(key, { reason })] as const));
  return Object.fromEntries(found.filter(([, count]) => count !== 0));
}

describe('what is sent', () => {
  test('predictions and labels arrive as columns, with their times, once flushed', async () => {
    const { monitor } = remote({ token: 'secret' });
    const id = monitor.recordPrediction({ prediction: 'a', score: 0.25, features: { age: 41, plan: 'basic' } });
    monitor.recordPrediction({ id: 'two', prediction: true, timestamp: new Date(5), features: { age: null } });
    monitor.recordLabel(id, 'b', { timestamp: '1970-01-01T00:00:00.007Z' });
    await monitor.flush();
    const names = { model: 'm', version: '1' };
    const features = { age: 41, plan: 'basic' };
    expect(collector.unique('predictions')).toEqual([
      { ...names, id, timestamp: expect.any(Number), prediction: 'a', score: 0.25, features },
      { ...names, id: 'two', timestamp: 5, prediction: true },
    ]);
    expect(collector.unique('labels')).toEqual([{ model: 'm', id, label: 'b', timestamp: 7 }]);
    expect(collector.requests.map(({ url }) => url)).toEqual(['/v1/predictions', '/v1/labels']);
    expect(collector.requests[0]?.headers).toMatchObject({
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
      features: { a: 1, b: 'text', c: false },
    };
    monitor.recordPrediction(row);
    await monitor.flush();
    expect(collector.unique('predictions')).toEqual([{ model: 'm', version: '1', ...row }]);
  });

  test('a batch goes when it is full or old enough, without a flush', async () => {
    const { monitor, value } = remote({ batchRows: 3, flushSeconds: 3_600 });
    for (let row = 0; row < 7; row++) monitor.recordPrediction({ prediction: 'a' });
    await until(async () => (await value('queueDepth', { place: 'memory' })) === 1);
    expect(collector.requests.map(({ rows }) => rows)).toEqual([3, 3]);
    const soon = remote({ flushSeconds: 0 }, { version: '2' });
    soon.monitor.recordPrediction({ prediction: 'a' });
    await until(() => Promise.resolve(collector.received.length === 7));
  });

  test('a row is copied: the program may use its object again', async () => {
    const { monitor } = remote();
    const features: Record<string, number> = { x: 1 };
    monitor.recordPrediction({ id: 'first', prediction: 'a', features });
    features['x'] = 2;
    features['y'] = 3;
    monitor.recordPrediction({ id: 'second', prediction: 'a', features });
    await monitor.flush();
    expect(collector.unique('predictions').map(({ features: sent }) => sent)).toEqual([{ x: 1 }, { x: 2, y: 3 }]);
  });

  test('gzip, where it is asked for and worth it', async () => {
    const { monitor } = remote({ gzip: true });
    monitor.recordPrediction({ prediction: 'small' });
    await monitor.flush();
    for (let row = 0; row < 500; row++) monitor.recordPrediction({ prediction: 'a', features: { text: 'the same' } });
    await monitor.flush();
    const [small, large] = collector.requests;
    expect(small?.headers['content-encoding']).toBeUndefined();
    expect(large?.headers['content-encoding']).toBe('gzip');
    expect(large?.bytes).toBeLessThan(8 * 1024);
    expect(collector.unique('predictions')).toHaveLength(501);
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
    const sent = collector.requests.map(({ headers }) => headers.authorization);
    expect(sent).toEqual(['Bearer old', 'Bearer new', undefined, undefined]);
  });

  test('very different features from row to row stay within the size of a batch', async () => {
    const { monitor } = remote({ batchRows: 5_000 });
    for (let row = 0; row < 3_000; row++) monitor.recordPrediction({ prediction: 'a', features: { [`f${row}`]: 1 } });
    await monitor.flush();
    expect(collector.unique('predictions')).toHaveLength(3_000);
    expect(Math.max(...collector.requests.map(({ bytes }) => bytes))).toBeLessThan(1024 * 1024);
  });
});

describe('personal data', () => {
  const features = { name: { pii: 'drop' }, postcode: { pii: 'hash' } } as const;
  const piiKey = 'sixteen bytes or more';

  test('is dropped or hashed before anything is kept; the same value has the same hash, in one feature', async () => {
    const { monitor } = remote({ piiKey }, { features });
    const row = { name: 'Ada Lovelace', postcode: 'W1A 1AA', street: 'W1A 1AA' };
    monitor.recordPrediction({ prediction: 'a', features: row });
    monitor.recordPrediction({ prediction: 'a', features: { postcode: null } });
    await monitor.flush();
    const hash = createHmac('sha256', piiKey).update('"postcode":W1A 1AA').digest('hex').slice(0, 32);
    expect(hashFeature(piiKey, 'postcode', 'W1A 1AA')).toBe(hash);
    expect(collector.unique('predictions').map(({ features: sent }) => sent)).toEqual([
      { postcode: hash, street: 'W1A 1AA' },
      undefined,
    ]);
    expect(hashFeature(piiKey, 'street', 'W1A 1AA')).not.toBe(hash);
    expect(hashFeature('another sixteen bytes', 'postcode', 'W1A 1AA')).not.toBe(hash);
  });

  test('a key is demanded where one is needed, and a mark that is none is refused', () => {
    expect(() => remote({}, { features })).toThrow('collector.piiKey: features.postcode is to be hashed');
    expect(() => remote({ piiKey: 'short' }, { features })).toThrow('collector.piiKey: expected a text or bytes');
    const wrong = { name: { pii: untyped<'drop'>('remove') } };
    expect(() => remote({ piiKey }, { features: wrong })).toThrow('features.name.pii: there is no "remove"');
  });
});

describe('bad rows', () => {
  test('nothing of it throws, and each is counted', async () => {
    const made = remote();
    const { monitor } = made;
    const record = (row: unknown) => monitor.recordPrediction(untyped(row));
    record({ prediction: Number.NaN });
    record({});
    record({ prediction: ['a', {}] });
    record({ prediction: 'a', id: {} });
    record({ prediction: 'a', timestamp: 'soon' });
    record({ prediction: 'a', score: 'high', durationSeconds: Number.POSITIVE_INFINITY, segment: {} });
    record({ prediction: 'a', scores: { a: 'x' } });
    record(undefined);
    monitor.recordLabel(untyped({}), 'a');
    monitor.recordLabel('x', untyped({}));
    monitor.recordLabel('x', 'a', { timestamp: 'soon' });
    expect(record(undefined)).toMatch(/^[0-9a-f-]{36}-/);
    await monitor.flush();
    const reasons = ['prediction', 'label', 'id', 'timestamp', 'score', 'duration'].map((field) => `invalid_${field}`);
    expect(await counted(made, 'rejected', [...reasons, 'unknown_segment'])).toEqual({
      invalid_prediction: 3,
      invalid_label: 1,
      invalid_id: 2,
      invalid_timestamp: 2,
      invalid_score: 2,
      invalid_duration: 1,
      unknown_segment: 1,
    });
    expect(await counted(made, 'errors', ['recording_failed', 'callback_failed'])).toEqual({ recording_failed: 2 });
    expect(collector.unique('predictions')).toHaveLength(4);
  });

  test('values JSON has no word for keep their meaning as far as they can', async () => {
    const { monitor } = remote();
    const features = untyped<Record<string, number>>({
      nan: Number.NaN,
      infinite: Number.NEGATIVE_INFINITY,
      big: 5n,
      object: { secret: 1 },
      get broken() {
        throw new Error('no');
      },
      fine: 1,
    });
    monitor.recordPrediction({ prediction: Number.POSITIVE_INFINITY, features });
    monitor.recordPrediction(untyped({ prediction: 7n }));
    await monitor.flush();
    expect(collector.unique('predictions')).toMatchObject([
      { prediction: 'Infinity', features: { infinite: '-Infinity', big: {}, object: {}, fine: 1 } },
      { prediction: '7' },
    ]);
    expect(Object.keys(collector.unique('predictions')[0]?.['features'] ?? {})).toHaveLength(4);
  });

  test('a row that takes more than 1 MiB is dropped by itself', async () => {
    const made = remote();
    made.monitor.recordPrediction({ prediction: 'a', features: { text: 'x'.repeat(2 ** 20) } });
    made.monitor.recordPrediction({ id: 'fine', prediction: 'a', features: { text: '\u0001'.repeat(2 ** 19) } });
    await made.monitor.flush();
    expect(await counted(made, 'dropped', ['too_large'])).toEqual({ too_large: 1 });
    expect(collector.unique('predictions').map(({ id }) => id)).toEqual(['fine']);
    expect(made.errors.map(({ message }) => message)).toEqual(['1 records were dropped: one takes more than 1 MiB']);
  });

  test('rows the collector rejects are counted and told, with its reason', async () => {
    collector.reject = ({ row }) => (row['prediction'] === 'bad' ? 'unknown_class' : undefined);
    const made = remote();
    for (const prediction of ['good', 'bad', 'good', 'bad']) made.monitor.recordPrediction({ prediction });
    await made.monitor.flush();
    expect(collector.unique('predictions')).toHaveLength(2);
    expect(await counted(made, 'dropped', ['rejected', 'refused'])).toEqual({ rejected: 2 });
    expect(made.errors).toMatchObject([
      {
        message: expect.stringContaining('rejected 2 records as unknown_class: no unknown_class'),
        details: { rows: 2 },
      },
    ]);
  });

  test('a batch that will never be taken is given up, told and counted', async () => {
    collector.fates.push({
      status: 422,
      body: '{"message":"not like this","code":"invalid_request","help":"Like that."}',
    });
    const made = remote();
    made.monitor.recordPrediction({ prediction: 'a' });
    await made.monitor.flush();
    expect(await counted(made, 'dropped', ['rejected', 'refused'])).toEqual({ refused: 1 });
    expect(made.errors[0]?.message).toContain('1 records were refused: The collector at');
    expect(made.errors[0]?.help).toBe('Like that.');
  });
});

describe('a collector that is away', () => {
  test('recording goes on; what the queue has no room for is the newest, dropped and counted', async () => {
    await collector.close();
    const made = remote({ queueRows: 10 });
    for (let row = 0; row < 25; row++) made.monitor.recordPrediction({ id: `p${row}`, prediction: 'a' });
    await until(() => Promise.resolve(made.errors.some(({ message }) => message.includes('ECONNREFUSED'))));
    await expect(made.monitor.flush({ timeoutSeconds: 0.01 })).rejects.toMatchObject({
      code: 'unavailable',
      message: `The collector at ${collector.url} cannot be reached (ECONNREFUSED)`,
    });
    expect(await counted(made, 'dropped', ['queue_full'])).toEqual({ queue_full: 15 });
    expect(await made.value('queueDepth', { place: 'memory' })).toBe(10);
    expect(await made.value('errors', { reason: 'send_failed' })).toBeGreaterThan(0);
    expect(made.errors.map(({ message }) => message)).toEqual(
      expect.arrayContaining([
        '1 records were dropped: the queue is full',
        expect.stringContaining('cannot be reached (ECONNREFUSED)'),
      ]),
    );
    await collector.listen();
    await made.monitor.flush();
    expect(collector.unique('predictions').map(({ id }) => id)).toEqual(
      Array.from({ length: 10 }, (_, row) => `p${row}`),
    );
  });

  test('close waits no longer than it was told, and says what is lost', async () => {
    await collector.close();
    const { monitor, errors } = remote({ closeSeconds: 0.01 });
    for (let row = 0; row < 3; row++) monitor.recordPrediction({ prediction: 'a' });
    await monitor.close();
    expect(errors.at(-1)).toMatchObject({ details: { rows: 3, reason: 'closed' } });
    monitor.recordPrediction({ prediction: 'a' });
    monitor.recordLabel('x', 'a');
    await monitor.flush();
    await monitor.close();
  });

  test('an answer that does not come in time is asked for again', async () => {
    collector.fates.push('hangs');
    const { monitor, errors } = remote({ requestSeconds: 0.05 });
    monitor.recordPrediction({ id: 'p', prediction: 'a' });
    await monitor.flush();
    expect(collector.unique('predictions')).toMatchObject([{ id: 'p' }]);
    expect(errors[0]?.message).toContain('cannot be reached (no answer within 0.05 s)');
  });

  test('a refused token is told at once, and its rows wait for a better one', async () => {
    const refusal: Fate = {
      status: 401,
      body: '{"message":"The token is unknown.","code":"unauthorized","help":"Make one."}',
    };
    collector.fates.push(refusal);
    const { monitor, errors } = remote({ token: 'wrong' });
    monitor.recordPrediction({ id: 'p', prediction: 'a' });
    await expect(monitor.flush()).rejects.toMatchObject({ code: 'unauthorized', help: 'Make one.' });
    expect(errors.map(({ message }) => message)).toEqual([
      `The collector at ${collector.url} refused the token: The token is unknown.`,
    ]);
    expect(JSON.stringify(errors)).not.toContain('wrong');
    await monitor.flush();
    expect(collector.unique('predictions')).toMatchObject([{ id: 'p' }]);
  });

  test('an address that is something else is told, and costs no rows', async () => {
    collector.fates.push('garbage', { status: 302, headers: { location: 'https://login.example' } });
    const { monitor } = remote();
    monitor.recordPrediction({ id: 'p', prediction: 'a' });
    await expect(monitor.flush()).rejects.toThrow(
      'answers 404'.replace('404', '200 but does not acknowledge') ? /./ : '',
    );
    await expect(monitor.flush()).rejects.toThrow('redirects to https://login.example: it is no Plumbline collector');
    await monitor.flush();
    expect(collector.unique('predictions')).toMatchObject([{ id: 'p' }]);
  });
});

describe('answers', () => {
  test('are the collector’s, about this version, and hold what was recorded before', async () => {
    const { monitor } = remote({}, { model: 'churn', version: '1.2' });
    const paths: string[] = [];
    collector.answer = (path) => {
      paths.push(path);
      return {
        status: 200,
        body: JSON.stringify({ model: 'churn', version: '1.2', labeled: collector.received.length }),
      };
    };
    monitor.recordPrediction({ prediction: 'a' });
    expect(await monitor.performance()).toMatchObject({ labeled: 1 });
    await monitor.drift();
    await monitor.distribution();
    const routes = ['performance', 'drift', 'distribution'];
    expect(paths).toEqual(routes.map((route) => `/v1/models/churn/${route}?version=1.2`));
  });

  test.each<[Fate, string, string]>([
    [
      { status: 401, body: '{"message":"no token","code":"unauthorized","help":"-"}' },
      'unauthorized',
      'refused the token: no token',
    ],
    [{ status: 403, body: '' }, 'forbidden', 'refused the token: forbidden'],
    [
      { status: 404, body: '{"message":"There is no model \\"m\\".","code":"not_found","help":"-"}' },
      'not_found',
      'There is no model "m".',
    ],
    [{ status: 404, body: '<html>' }, 'not_found', 'it is no Plumbline collector'],
    [
      { status: 503, body: '{"message":"The database is away.","code":"unavailable","help":"-"}' },
      'unavailable',
      'The database is away.',
    ],
    [{ status: 302 }, 'internal', 'it answered 302'],
    ['garbage', 'not_found', 'answers 200 but not with performance'],
    ['cut_off', 'unavailable', 'cannot be reached'],
  ])('%j says what is wrong', async (fate, code, message) => {
    collector.answer = () => fate;
    const { monitor } = remote();
    const failed = await monitor.performance().catch((error: unknown) => error);
    expect(failed).toMatchObject({ name: 'PlumblineError', code });
    expect((failed as Error).message).toContain(message);
  });

  test('nobody there is said without waiting for what cannot be sent', async () => {
    await collector.close();
    const { monitor } = remote();
    monitor.recordPrediction({ prediction: 'a' });
    await expect(monitor.drift()).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });
});

describe('options', () => {
  test.each<[Record<string, unknown>, string]>([
    [{ url: 'localhost:8080' }, 'collector.url: expected an http(s) address'],
    [{ url: 'ftp://host' }, 'collector.url: expected an http(s) address'],
    [{ url: 'http://user:password@host' }, 'collector.url: holds a user or password'],
    [{ url: 'http://host/?a=b' }, 'collector.url: holds a query or fragment'],
    [{ token: 'two words' }, 'collector.token: is not a usable token'],
    [{ token: '' }, 'collector.token: is not a usable token'],
    [{ batchRows: 5_001 }, 'collector.batchRows: 5001 is not a whole number from 1 to 5000'],
    [{ requestSeconds: 0 }, 'collector.requestSeconds: 0 is no time to wait'],
    [{ flushSeconds: -1 }, 'collector.flushSeconds: -1 is not a number of seconds'],
    [{ gzip: 'yes' }, 'collector.gzip: expected true or false'],
    [{ onError: 'log' }, 'collector.onError: expected a function'],
    [{ spill: { folder: '' } }, 'collector.spill.folder: expected the path of a folder'],
    [{ spill: { folder: '/proc/none' } }, 'collector.spill.folder: /proc/none cannot be written (ENOENT)'],
    [{ spill: { folder: __filename } }, 'cannot be written (ENOTDIR)'],
    [{ spill: { folder: '/tmp', maxBytes: 1 } }, 'collector.spill.maxBytes: 1 is not a whole number'],
  ])('%j is refused with a remedy', (options, message) => {
    const collectorOptions = untyped<CollectorOptions>({ url: 'http://127.0.0.1:1', ...options });
    const make = () => createMonitor({ model: 'm', version: '1', collector: collectorOptions });
    expect(make).toThrow(
      expect.objectContaining({ code: 'invalid_configuration', help: expect.stringMatching(/.{10}/) }),
    );
    expect(make).toThrow(message);
    expect(make).not.toThrow('password@');
  });

  test('what only a monitor inside the process can do is refused with a collector', () => {
    expect(() => remote({}, { onWindow: () => undefined })).toThrow('onWindow: has no meaning with a collector');
    expect(() => remote({}, { selfReference: { stateFile: 'x' } })).toThrow(
      'selfReference: has no meaning with a collector',
    );
    expect(() => createMonitor({ model: 'm', version: '1', collector: untyped('http://host') })).toThrow(
      'collector: expected an object',
    );
  });

  test('two monitors of one model version do not export in one place, and the refused one leaves nothing behind', async () => {
    const { producer } = remote();
    const collectorOptions = { url: collector.url };
    expect(() => createMonitor({ model: 'm', version: '1', producer, collector: collectorOptions })).toThrow(
      'exports here already',
    );
    expect(process.listenerCount('beforeExit')).toBe(1);
  });
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
  expect(collector.unique('predictions')).toMatchObject([
    { prediction: 'old', score: 0.5, durationSeconds: expect.any(Number), features: { age: 41 } },
  ]);
  expect(await counted(made, 'errors', ['predict_failed', 'recording_failed'])).toEqual({ predict_failed: 1 });
});

test('a callback that fails is counted', async () => {
  collector.fates.push({ status: 422 }, { status: 400 });
  const made = remote({
    onError: () => {
      throw new Error('of the user');
    },
  });
  made.monitor.recordPrediction({ prediction: 'a' });
  await made.monitor.flush();
  expect(await counted(made, 'errors', ['callback_failed'])).toEqual({ callback_failed: 1 });
});
