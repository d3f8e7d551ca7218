/** Shadows of a router: they run afterwards, are recorded with what they shadow, and disturb nobody. */
import { until } from '../../remote/support/remote.ts';
import { errorsOf, toSecond, useRouting } from '../support/routing.ts';

const { here, started, recorded } = useRouting();
const failure = new Error('model');
const fail = (): never => {
  throw failure;
};

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
  const { router, producer } = await started({
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
  const { router, producer } = await started({
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
