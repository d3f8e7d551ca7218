/** Predicting through a router: what the caller gets, what is recorded, and what runs beside it. */
import { createMonitor, type CreateRouterOptions, type Router } from '../../../../collector/src/index.ts';
import { MonitorMetricProducer } from '../../../../collector/src/telemetry/producer.ts';
import { until } from '../../remote/support/remote.ts';
import { assignments, errorsOf, useRouting } from '../support/routing.ts';

const { here, routing } = useRouting();
const experiment = { name: 'e', epoch: 1, propensity: 1 };
const failure = new Error('model');
const fail = (): never => {
  throw failure;
};

/** Waits until everything recorded has arrived. */
async function recorded(router: Pick<Router<never, never>, 'monitor'>, versions = ['1', '2', '3']) {
  await Promise.all(versions.map((version) => router.monitor(version)?.flush()));
  return here.collector.unique('predictions');
}

/** All traffic goes to version 2, beside 1 in production. */
const toSecond = (shadows: readonly string[] = []) => assignments({ split: { '1': 0, '2': 10_000 }, shadows });

async function started<Input, Result>(options: Partial<CreateRouterOptions<Input, Result>>) {
  const made = routing<Input, Result>({ fallback: '1', ...options });
  await made.router.ready();
  return made;
}

describe('what the caller gets', () => {
  test('at once from a version that answers at once', async () => {
    here.shown = toSecond();
    const { router } = await started({
      arms: { '1': () => 'no', '2': (input: { age: number }) => (input.age > 40 ? 'old' : 'young') },
    });
    const answer = router.predict({ age: 41 }, { key: 'user-1' });
    expect(answer).toEqual({
      ...{ prediction: 'old', result: 'old', version: '2', predictionId: expect.any(String), stale: false },
      ...{ experiment, reason: 'split' },
    });
    expect(await recorded(router)).toEqual([
      {
        ...{ model: 'm', version: '2', id: answer.predictionId, timestamp: expect.any(Number), prediction: 'old' },
        ...{ durationSeconds: expect.any(Number), features: { age: 41 }, key: 'user-1', experiment },
      },
    ]);
  });

  test('as a promise from one that gives a promise; the value of an object is its prediction', async () => {
    here.shown = toSecond();
    const result = { prediction: true, score: 0.75, id: 'request-7', features: { made: 1 }, extra: [1] };
    const { router } = await started({ arms: { '1': async () => result, '2': () => Promise.resolve(result) } });
    const answer = await router.predict({ age: 41 });
    expect(answer).toMatchObject({ prediction: true, version: '2', predictionId: 'request-7', reason: 'random' });
    expect(answer.result).toBe(result);
    expect(await recorded(router)).toEqual([
      expect.objectContaining({ id: 'request-7', prediction: true, score: 0.75, features: { made: 1 }, experiment }),
    ]);
    expect(here.collector.unique('predictions')[0]).not.toHaveProperty('key');
  });

  test('production without an experiment, and the fallback before anything is known', async () => {
    const { router } = routing({ arms: { '1': () => 'a', '0': () => 'b' }, fallback: '0' });
    expect(router.predict(1)).toMatchObject({ prediction: 'b', version: '0', reason: 'default', experiment: null });
    await router.ready();
    expect(router.predict(1, { key: 5 })).toMatchObject({ version: '1', reason: 'production', experiment: null });
    const rows = await recorded(router, ['0', '1']);
    expect(rows.map(({ version, key, experiment: none }) => [version, key, none]).sort()).toEqual([
      ['0', undefined, undefined],
      ['1', '5', undefined],
    ]);
  });

  test('an id of the caller, and a row of its own making', async () => {
    const { router } = await started({
      arms: { '1': (age: number) => age > 17 },
      toRow: (age, adult) => ({ prediction: adult, features: { age }, segment: 'web', id: 'mine' }),
    });
    expect(router.predict(18, { id: 'given', key: 'k' }).predictionId).toBe('given');
    expect(router.predict(18).predictionId).toBe('mine');
    expect(await recorded(router)).toMatchObject([
      { id: 'given', prediction: true, features: { age: 18 }, segment: 'web', key: 'k' },
      { id: 'mine' },
    ]);
  });

  test('a prediction that cannot be recorded is answered all the same', async () => {
    const { router, producer } = await started({ arms: { '1': () => 'a' }, toRow: fail });
    expect(router.predict(1)).toMatchObject({ prediction: 'a', predictionId: expect.stringMatching(/.{36}/) });
    expect(await errorsOf(producer, '1')).toEqual({ to_row_failed: 1 });
  });

  test('a router without arms says so', async () => {
    const { router } = routing({ fallback: '1' });
    expect(() => router.predict(1)).toThrow('arms: the router has none, so it cannot predict');
    expect(router.monitor('1')).toBeUndefined();
    router.recordLabel('x', 'a');
    await router.ready();
  });
});

describe('a version that throws', () => {
  test.each([
    ['throws', fail],
    ['rejects', () => Promise.reject(failure)],
  ])('the caller gets the error of one that %s', async (_how, arm) => {
    here.shown = toSecond();
    const { router, producer } = await started<unknown, unknown>({ arms: { '1': () => 'a', '2': arm } });
    await expect((async () => await router.predict(1))()).rejects.toBe(failure);
    expect(await errorsOf(producer, '2')).toEqual({ predict_failed: 1 });
    expect(router.status().counts.armsFailed).toBe(1);
    expect(await recorded(router)).toEqual([]);
  });

  test.each([
    ['throws', fail],
    ['rejects', () => Promise.reject(failure)],
  ])('where it is asked for, production answers for one that %s, outside the experiment', async (_how, arm) => {
    here.shown = toSecond();
    const arms = { '1': () => 'a', '2': arm };
    const { router } = await started<unknown, string | Promise<string>>({ arms, onError: 'fallback' });
    const answer = await router.predict(1, { key: 'k' });
    expect(answer).toMatchObject({ prediction: 'a', version: '1', experiment: null, reason: 'arm_failed' });
    const [row, ...others] = await recorded(router);
    expect(row).toMatchObject({ version: '1', id: answer.predictionId, key: 'k' });
    expect(row).not.toHaveProperty('experiment');
    expect(others).toEqual([]);
  });

  test('the fallback stands in for production, and an error of both passes', async () => {
    const { router } = await started<unknown, string>({
      arms: { '0': () => 'a', '1': fail },
      fallback: '0',
      onError: 'fallback',
    });
    expect(router.predict(1)).toMatchObject({ version: '0', reason: 'arm_failed' });
    const both = await started<unknown, string>({
      ...{ arms: { '5': fail, '1': fail }, fallback: '5', onError: 'fallback' },
      monitor: { producer: new MonitorMetricProducer() },
    });
    expect(() => both.router.predict(1)).toThrow(failure);
    expect(both.router.status().counts.armsFailed).toBe(2);
  });
});

test('a version that has no function here: production answers, outside the experiment; counted and told once', async () => {
  here.shown = toSecond(['4']);
  const { router, producer, errors } = await started({ arms: { '1': () => 'a', '3': () => 'b' } });
  for (let count = 0; count < 3; count++)
    expect(router.predict(1, { key: 'k' })).toMatchObject({ version: '1', experiment: null, reason: 'not_deployed' });
  expect(router.status().counts.notDeployed).toBe(3);
  expect(await errorsOf(producer, '1')).toEqual({ not_deployed: 3 });
  expect(errors.map(({ message }) => message)).toEqual([
    'arms: the running experiment wants 2, 4, which this process has no function for',
  ]);
  const rows = await recorded(router);
  expect(rows.map((row) => [row['version'], 'experiment' in row])).toEqual(Array(3).fill(['1', false]));
});

describe('shadows', () => {
  test('run afterwards, and are recorded with the prediction they shadow', async () => {
    here.shown = toSecond(['1', '3', '2']);
    const order: string[] = [];
    const arm = (version: string) => () => {
      order.push(version);
      return { prediction: version, id: 'the id of the request' };
    };
    const { router } = await started({ arms: { '1': arm('1'), '2': arm('2'), '3': arm('3') } });
    const { predictionId } = router.predict({ x: 1 }, { key: 'k' });
    expect([predictionId, order]).toEqual(['the id of the request', ['2']]);
    await until(() => router.status().counts.shadowsRun === 2);
    expect(order).toEqual(['2', '1', '3']);
    const shadows = (await recorded(router)).filter((row) => 'shadowOf' in row);
    expect(shadows.map(({ version }) => version).sort()).toEqual(['1', '3']);
    for (const row of shadows) {
      expect(row).toMatchObject({ shadowOf: predictionId, key: 'k', features: { x: 1 } });
      expect(row['id']).not.toBe(predictionId);
      expect(row).not.toHaveProperty('experiment');
    }
  });

  test('one that throws disturbs nobody', async () => {
    here.shown = toSecond(['1', '3']);
    const { router, producer } = await started<unknown, unknown>({
      arms: { '1': fail, '2': () => 'a', '3': () => Promise.reject(failure) },
    });
    expect(router.predict(1)).toMatchObject({ prediction: 'a' });
    await until(() => router.status().counts.shadowsFailed === 2);
    expect(await errorsOf(producer, '1')).toEqual({ predict_failed: 1 });
    expect(await errorsOf(producer, '3')).toEqual({ predict_failed: 1 });
    expect(await recorded(router)).toHaveLength(1);
  });

  test('slow ones do not pile up: what there is no room for is dropped and counted', async () => {
    here.shown = toSecond(['3']);
    const ends: (() => void)[] = [];
    const slow = () => new Promise<string>((resolve) => ends.push(() => resolve('b')));
    const { router, producer } = await started<unknown, string | Promise<string>>({
      arms: { '1': () => 'x', '2': () => 'a', '3': slow },
      shadows: { concurrency: 2, queue: 3 },
    });
    for (let count = 0; count < 20; count++) expect(router.predict(1)).toMatchObject({ prediction: 'a' });
    expect(router.status().counts.shadowsDropped).toBe(15);
    expect(await errorsOf(producer, '3')).toEqual({ shadow_dropped: 15 });
    for (let done = 1; done <= 5; done++) {
      await until(() => ends.length > 0);
      ends.shift()?.();
    }
    await until(() => router.status().counts.shadowsRun === 5);
    await until(async () => (await recorded(router)).length === 25);
  });

  test('none for a prediction that was not recorded, and none after close', async () => {
    here.shown = toSecond(['3']);
    const seen: unknown[] = [];
    const arms = { '1': () => 'x', '2': () => 'a', '3': (input: unknown) => String(seen.push(input)) };
    const { router } = await started({ arms, toRow: (input, result) => (input ? { prediction: result } : fail()) });
    router.predict(0);
    await router.close();
    expect(router.predict(1)).toMatchObject({ prediction: 'a' });
    expect(router.status().counts).toMatchObject({ shadowsRun: 0, shadowsDropped: 1 });
    expect(seen).toEqual([]);
  });
});

describe('monitors', () => {
  test('labels go by the monitor of their version, or by any', async () => {
    here.shown = toSecond();
    const { router } = await started({ arms: { '1': () => 'a', '2': () => 'b' } });
    const { predictionId, version } = router.predict(1);
    router.recordLabel(predictionId, 'b', { version, timestamp: 5 });
    router.recordLabel('another', 'a');
    router.recordLabel('third', 'a', { version: 'unknown' });
    await recorded(router);
    const labels = here.collector.unique('labels');
    expect(labels.map(({ id }) => id).sort()).toEqual([predictionId, 'another', 'third'].sort());
    expect(labels.find(({ id }) => id === predictionId)).toMatchObject({ label: 'b', timestamp: 5 });
  });

  test('embedded ones of the program: what means something to a collector only is passed over', async () => {
    here.shown = toSecond(['1']);
    const producer = new MonitorMetricProducer();
    const embedded = (version: string) => createMonitor({ model: 'm', version, producer, zeroHoldSeconds: 0 });
    const monitors = { '1': embedded('1'), '2': embedded('2') };
    const { router } = await started({ arms: { '1': () => 'a', '2': () => 'b' }, monitors });
    const { predictionId, version } = router.predict({ x: 1 }, { key: 'k' });
    router.recordLabel(predictionId, 'b', { version });
    await until(() => router.status().counts.shadowsRun === 1);
    expect(await monitors['2'].performance()).toMatchObject({ predictions: 1, labeled: 1 });
    expect(await monitors['1'].performance()).toMatchObject({ predictions: 1, labeled: 0 });
    expect(await errorsOf(producer, '2')).toEqual({});
    expect(here.collector.received).toEqual([]);
    await router.close();
    // They are the program's: it closes them.
    monitors['2'].recordPrediction({ prediction: 'a' });
    expect(await monitors['2'].performance()).toMatchObject({ predictions: 2 });
    await Promise.all([monitors['1'].close(), monitors['2'].close()]);
  });

  test('a failed question is counted with the fallback', async () => {
    here.fate = { status: 500 };
    const { router, producer } = await started({ arms: { '1': () => 'a' } });
    expect(router.status().counts.pollsFailed).toBeGreaterThan(0);
    expect((await errorsOf(producer, '1'))['poll_failed']).toBeGreaterThan(0);
  });
});

test('close sends what is unsent; later predictions are answered and counted as dropped', async () => {
  const { router } = await started({
    arms: { '1': () => 'a' },
    collector: { url: here.collector.url, closeSeconds: 5 },
  });
  router.predict(1);
  await router.close();
  expect(here.collector.unique('predictions')).toHaveLength(1);
  expect(router.predict(1)).toMatchObject({ prediction: 'a', stale: true });
  expect(here.collector.unique('predictions')).toHaveLength(1);
});
