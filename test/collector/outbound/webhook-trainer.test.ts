/** Trainers elsewhere, called over real HTTP: the call that starts them, callbacks, cancels. */
import { jobIn, temporaryFolder } from './support/run-of.ts';
import {
  answer,
  callbackOf,
  isSigned,
  leaveModel,
  trainAt,
  usePipelines,
  type Received,
  type Route,
} from './support/webhook-server.ts';

const root = temporaryFolder();
const served = usePipelines();

test('a callback ends it: called once, signed, with all that a pipeline needs', async () => {
  const job = jobIn(root);
  const callback = callbackOf();
  const server = await served({
    'POST /start': (_request, response) => {
      answer(response, 202);
      leaveModel(job);
      callback.end({ status: 'finished', reason: 'trained on 1 row' });
    },
  });
  const outcome = await trainAt({ url: `${server.url}/start?key=hidden` }, job, { callback });
  expect(outcome).toMatchObject({ end: 'finished', exitCode: null, reason: 'The trainer finished: trained on 1 row.' });
  const [start] = server.received as [Received];
  expect(server.received).toHaveLength(1);
  expect(isSigned(start)).toBe(true);
  expect(start.headers).toMatchObject({ 'content-type': 'application/json', 'idempotency-key': job.run });
  const address = `https://plumbline/v1/models/churn/retraining/${job.run}`;
  expect(JSON.parse(start.body)).toEqual({
    ...{ run: job.run, model: 'churn', timeoutSeconds: 600, token: 'run-token' },
    ...{ dataUrl: `${address}/data`, callbackUrl: `${address}/callback` },
  });
  expect(callback.state).toEqual({ opened: 1, closed: 1 });
  expect(outcome.log).toBe(`POST ${server.url}/start: HTTP 202\n`);
});

test('headers come from the environment, fields and their place from the policy, as GitHub wants them', async () => {
  const job = jobIn(root);
  const callback = callbackOf();
  const server = await served({
    'POST /dispatches': (_request, response) => {
      answer(response, 204);
      leaveModel(job);
      callback.end({ status: 'finished' });
    },
  });
  const spec = {
    ...{ url: `${server.url}/dispatches`, headers: { Authorization: 'GITHUB_AUTHORIZATION' } },
    ...{ fields: { event_type: 'retrain' }, under: 'client_payload' },
  };
  const environment = { GITHUB_AUTHORIZATION: 'Bearer ghp_secret' };
  const outcome = await trainAt(spec, job, { callback, environment });
  expect(outcome.end).toBe('finished');
  const [start] = server.received as [Received];
  expect(start.headers.authorization).toBe('Bearer ghp_secret');
  const body = JSON.parse(start.body) as { event_type: string; client_payload: object };
  expect(body.event_type).toBe('retrain');
  expect(body.client_payload).toMatchObject({ run: job.run, token: 'run-token' });
  expect(Object.keys(body.client_payload).length).toBeLessThanOrEqual(10);
  expect(`${outcome.log}${outcome.reason}`).not.toMatch(/ghp_secret|run-token/);
});

describe('the first call', () => {
  test('is made again where the network or a busy server is at fault, each time with the same key', async () => {
    const job = jobIn(root);
    const callback = callbackOf();
    const server = await served({
      'POST /start': (_request, response, n) => {
        if (n === 1) response.destroy();
        else if (n === 2) answer(response, 503, undefined, { 'retry-after': '7' });
        else {
          answer(response, 200);
          leaveModel(job);
          callback.end({ status: 'finished' });
        }
      },
    });
    expect((await trainAt({ url: `${server.url}/start` }, job, { callback })).end).toBe('finished');
    expect(server.received.map(({ headers }) => headers['idempotency-key'])).toEqual([job.run, job.run, job.run]);
  });

  test('is given up after some tries', async () => {
    const server = await served({ 'POST /start': (_request, response) => answer(response, 502) });
    const outcome = await trainAt({ url: `${server.url}/start` }, jobIn(root), { limits: { attempts: 3 } });
    expect(outcome).toMatchObject({ end: 'failed', exitCode: null });
    expect(outcome.reason).toBe(`The webhook at ${server.url}/start could not be reached: HTTP 502.`);
    expect(server.received).toHaveLength(3);
  });

  test('is given up when no answer comes in time', async () => {
    const server = await served({ 'POST /start': () => {} });
    const limits = { attempts: 2, callTimeout: 50 };
    const outcome = await trainAt({ url: `${server.url}/start` }, jobIn(root), { limits });
    expect(outcome.reason).toContain('could not be reached: no answer within 0.05 s');
  });

  test('that is refused is not made again', async () => {
    const server = await served({ 'POST /start': (_request, response) => answer(response, 422) });
    const outcome = await trainAt({ url: `${server.url}/start?token=hidden` }, jobIn(root));
    expect(outcome.reason).toBe(`The webhook at ${server.url}/start refused the run (HTTP 422).`);
    expect(server.received).toHaveLength(1);
  });

  test('does not follow where it is sent on', async () => {
    const other = await served({});
    const server = await served({
      'POST /start': (_request, response) => answer(response, 307, undefined, { location: `${other.url}/start` }),
    });
    const outcome = await trainAt({ url: `${server.url}/start` }, jobIn(root));
    expect(outcome.reason).toContain('redirects (HTTP 307), which is not followed');
    expect(other.received).toEqual([]);
  });

  test('may be overtaken by the callback', async () => {
    const job = jobIn(root);
    const callback = callbackOf();
    const server = await served({
      'POST /start': () => {
        // It trains within the call, and never answers it.
        leaveModel(job);
        callback.end({ status: 'finished' });
      },
    });
    expect((await trainAt({ url: `${server.url}/start` }, job, { callback })).end).toBe('finished');
  });
});

describe('an end that is asked for', () => {
  const running: Readonly<Record<string, Route>> = {
    'GET /jobs/7': (_request, response) => answer(response, 200, { status: 'running' }),
    'POST /jobs/7/cancel': (_request, response) => answer(response, 200),
  };

  test('is told to who named an address for it', async () => {
    const stop = new AbortController();
    const job = jobIn(root);
    const server = await served({
      ...running,
      'POST /start': (_request, response) =>
        answer(response, 202, { statusUrl: '/jobs/7', cancelUrl: '/jobs/7/cancel' }),
      'GET /jobs/7': (_request, response) => {
        answer(response, 200, { status: 'running' });
        stop.abort();
      },
    });
    const outcome = await trainAt({ url: `${server.url}/start` }, job, { signal: stop.signal });
    expect(outcome.end).toBe('cancelled');
    expect(outcome.reason).toBe(
      'It was cancelled; the trainer may go on elsewhere: told to end, it answered HTTP 200.',
    );
    const [told] = server.of('/jobs/7/cancel') as [Received];
    expect(isSigned(told)).toBe(true);
    expect(JSON.parse(told.body)).toEqual({ run: job.run, model: 'churn', reason: 'cancelled' });
    expect(outcome.callback.state.closed).toBe(1);
  });

  test('comes by itself after the time limit', async () => {
    const server = await served({
      ...running,
      'POST /start': (_request, response) => answer(response, 202, { statusUrl: '/jobs/7' }),
    });
    const outcome = await trainAt({ url: `${server.url}/start` }, jobIn(root, { timeoutSeconds: 0.2 }));
    expect(outcome.end).toBe('timed_out');
    expect(outcome.reason).toContain('It took longer than 0.2 s; the trainer may go on elsewhere: it named no address');
  });

  test('ends the tries of the first call', async () => {
    const stop = new AbortController();
    const server = await served({
      'POST /start': (_request, response) => {
        answer(response, 503);
        stop.abort();
      },
    });
    const limits = { backoff: 1_000 };
    expect((await trainAt({ url: `${server.url}/start` }, jobIn(root), { signal: stop.signal, limits })).end).toBe(
      'cancelled',
    );
  });
});

test.each([
  ['no address', 'trainers.example.org', 'is no address'],
  ['a file', 'file:///etc/passwd', 'is no http(s) address'],
  ['a password', 'http://me:word@127.0.0.1:1/', 'holds a name or password'],
])('%s is not called', async (_name, url, why) => {
  const outcome = await trainAt({ url }, jobIn(root));
  expect(outcome).toMatchObject({ end: 'failed' });
  expect(outcome.reason).toContain(why);
  expect(outcome.callback.state.opened).toBe(0);
});

test.each([
  ['a variable that is not set', { headers: { Authorization: 'NOT_THERE' } }, 'which is not set'],
  ["a variable of the service's own", { headers: { 'X-Key': 'PLUMBLINE_TOKENS' } }, 'never given on'],
  ['a header that is none', { headers: { 'a b': 'GIVEN' } }, 'that HTTP does not take'],
])('%s', async (_name, spec, why) => {
  const environment = { GIVEN: 'x', PLUMBLINE_TOKENS: 'admin:secret' };
  const outcome = await trainAt({ url: 'http://127.0.0.1:1/', ...spec }, jobIn(root), { environment });
  expect(outcome.reason).toContain(why);
  expect(outcome.reason).not.toContain('admin:secret');
});

test('without a secret nothing is called', async () => {
  const server = await served({});
  const outcome = await trainAt({ url: `${server.url}/start` }, jobIn(root), { secret: null });
  expect(outcome.reason).toContain('set PLUMBLINE_TRAINER_HMAC');
  expect(server.received).toEqual([]);
});
