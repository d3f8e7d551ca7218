/** A collector that is not there, too slow, or does not want us. */
import type { Fate } from './support/fake-collector.ts';
import { counted, until, useRemote } from './support/remote.ts';

const { here, remote } = useRemote();

test('recording goes on; what the queue has no room for is the newest, dropped and counted', async () => {
  await here.collector.close();
  const made = remote({ queueRows: 10 });
  for (let row = 0; row < 25; row++) made.monitor.recordPrediction({ id: `p${row}`, prediction: 'a' });
  await until(() => made.errors.some(({ message }) => message.includes('ECONNREFUSED')));
  await expect(made.monitor.flush({ timeoutSeconds: 0.01 })).rejects.toMatchObject({
    code: 'unavailable',
    message: `The collector at ${here.collector.url} cannot be reached (ECONNREFUSED)`,
  });
  expect(await counted(made, 'dropped', ['queue_full'])).toEqual({ queue_full: 15 });
  expect(await made.value('queueDepth', { place: 'memory' })).toBe(10);
  expect(await made.value('errors', { reason: 'send_failed' })).toBeGreaterThan(0);
  expect(made.errors.map(({ message }) => message)).toEqual(
    expect.arrayContaining([
      '1 record was dropped: the queue is full',
      expect.stringContaining('cannot be reached (ECONNREFUSED)'),
    ]),
  );
  await here.collector.listen();
  await made.monitor.flush();
  expect(here.collector.unique('predictions').map(({ id }) => id)).toEqual(
    Array.from({ length: 10 }, (_, row) => `p${row}`),
  );
});

test('close waits no longer than it was told, and says what is lost', async () => {
  await here.collector.close();
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
  here.collector.fates.push('hangs');
  const { monitor, errors } = remote({ requestSeconds: 0.05 });
  monitor.recordPrediction({ id: 'p', prediction: 'a' });
  await monitor.flush();
  expect(here.collector.unique('predictions')).toMatchObject([{ id: 'p' }]);
  expect(errors[0]?.message).toContain('cannot be reached (no answer within 0.05 s)');
});

test('a refused token is told at once, and its rows wait for a better one', async () => {
  const refusal: Fate = {
    status: 401,
    body: '{"message":"The token is unknown.","code":"unauthorized","help":"Make one."}',
  };
  here.collector.fates.push(refusal);
  const { monitor, errors } = remote({ token: 'wrong' });
  monitor.recordPrediction({ id: 'p', prediction: 'a' });
  await expect(monitor.flush()).rejects.toMatchObject({ code: 'unauthorized', help: 'Make one.' });
  expect(errors.map(({ message }) => message)).toEqual([
    `The collector at ${here.collector.url} refused the token: The token is unknown.`,
  ]);
  expect(JSON.stringify(errors)).not.toContain('wrong');
  await monitor.flush();
  expect(here.collector.unique('predictions')).toMatchObject([{ id: 'p' }]);
});

test('an address that is something else is told, and costs no rows', async () => {
  here.collector.fates.push('garbage', { status: 302, headers: { location: 'https://login.example' } });
  const { monitor } = remote();
  monitor.recordPrediction({ id: 'p', prediction: 'a' });
  await expect(monitor.flush()).rejects.toThrow(
    'answers 404'.replace('404', '200 but does not acknowledge') ? /./ : '',
  );
  await expect(monitor.flush()).rejects.toThrow('redirects to https://login.example: it is no Plumbline collector');
  await monitor.flush();
  expect(here.collector.unique('predictions')).toMatchObject([{ id: 'p' }]);
});
