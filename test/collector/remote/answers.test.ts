/** Questions to the collector, and why there is no answer. */
import type { Fate } from './support/fake-collector.ts';
import { useRemote } from './support/remote.ts';

const { here, remote } = useRemote();

test('are the collector’s, about this version, and hold what was recorded before', async () => {
  const { monitor } = remote({}, { model: 'churn', version: '1.2' });
  const paths: string[] = [];
  here.collector.answer = (path) => {
    paths.push(path);
    return {
      status: 200,
      body: JSON.stringify({ model: 'churn', version: '1.2', labeled: here.collector.received.length }),
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
  here.collector.answer = () => fate;
  const { monitor } = remote();
  const failed = await monitor.performance().catch((error: unknown) => error);
  expect(failed).toMatchObject({ name: 'PlumblineError', code });
  expect((failed as Error).message).toContain(message);
});

test('nobody there is said without waiting for what cannot be sent', async () => {
  await here.collector.close();
  const { monitor } = remote();
  monitor.recordPrediction({ prediction: 'a' });
  await expect(monitor.drift()).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('ECONNREFUSED'),
  });
});
