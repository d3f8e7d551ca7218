/** Predicting through a router: what the caller gets, what is recorded, and what runs beside it. */
import { createMonitor } from '../../../../collector/src/index.ts';
import { MonitorMetricProducer } from '../../../../collector/src/telemetry/producer.ts';
import { until } from '../../remote/support/remote.ts';
import { errorsOf, toSecond, useRouting } from '../support/routing.ts';

const { here, routing, started, recorded } = useRouting();
const experiment = { name: 'e', epoch: 1, propensity: 1 };
const failure = new Error('model');
const fail = (): never => {
  throw failure;
};

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

  test('of versions that differ: what each takes goes in, what one or the other gives comes out', async () => {
    here.shown = toSecond();
    const { router } = await started({
      arms: {
        '1': ({ age }: { age: number }) => ({ prediction: age > 40, score: 0.5 }),
        '2': async ({ plan }: { plan: string }) => plan,
      },
    });
    const answer = await router.predict({ age: 41, plan: 'gold' });
    // The compiler knows both: a value of another type would not do.
    const prediction: boolean | string = answer.prediction;
    expect(prediction).toBe('gold');
    // @ts-expect-error one of the versions needs a plan
    await router.predict({ age: 41 });
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
    const { router, producer } = await started({ arms: { '1': () => 'a', '2': arm } });
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
    const { router } = await started({ arms, onError: 'fallback' });
    const answer = await router.predict(1, { key: 'k' });
    expect(answer).toMatchObject({ prediction: 'a', version: '1', experiment: null, reason: 'arm_failed' });
    const [row, ...others] = await recorded(router);
    expect(row).toMatchObject({ version: '1', id: answer.predictionId, key: 'k' });
    expect(row).not.toHaveProperty('experiment');
    expect(others).toEqual([]);
  });

  test('the fallback stands in for production, and an error of both passes', async () => {
    const { router } = await started({
      arms: { '0': () => 'a', '1': fail },
      fallback: '0',
      onError: 'fallback',
    });
    expect(router.predict(1)).toMatchObject({ version: '0', reason: 'arm_failed' });
    const both = await started({
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
