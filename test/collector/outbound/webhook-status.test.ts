/** Trainers elsewhere that name an address where they tell how it goes. */
import { jobIn, temporaryFolder } from './support/run-of.ts';
import { answer, callbackOf, isSigned, leaveModel, trainAt, usePipelines } from './support/webhook-server.ts';

const root = temporaryFolder();
const served = usePipelines();

describe('a status address', () => {
  test('is asked until it says an end; what fails in between is tried again', async () => {
    const job = jobIn(root);
    const server = await served({
      'POST /start': (_request, response) => answer(response, 202, { statusUrl: '/jobs/7' }),
      'GET /jobs/7': (_request, response, n) => {
        if (n === 1) answer(response, 200, { status: 'queued' });
        else if (n === 2) response.destroy();
        else if (n === 3) answer(response, 503);
        else if (n === 4) answer(response, 200, { status: 'running' });
        else {
          leaveModel(job);
          answer(response, 200, { status: 'SUCCEEDED' });
        }
      },
    });
    const outcome = await trainAt({ url: `${server.url}/start` }, job);
    expect(outcome).toMatchObject({ end: 'finished', reason: 'The trainer finished.' });
    expect(server.of('/jobs/7')).toHaveLength(5);
    expect(server.of('/jobs/7').every(isSigned)).toBe(true);
    expect(outcome.log).toContain('status: running');
  });

  test('says that it failed, and why', async () => {
    const server = await served({
      'POST /start': (_request, response) => answer(response, 202, { statusUrl: '/jobs/7' }),
      'GET /jobs/7': (_request, response) => answer(response, 200, { status: 'failed', reason: 'no GPU was free' }),
    });
    const outcome = await trainAt({ url: `${server.url}/start` }, jobIn(root));
    expect(outcome).toMatchObject({ end: 'failed', reason: 'The trainer failed: no GPU was free.' });
  });

  test('that says nothing which is known is given up, and named', async () => {
    const server = await served({
      'POST /start': (_request, response) => answer(response, 202, { statusUrl: '/jobs/7' }),
      'GET /jobs/7': (_request, response) => answer(response, 200, { status: 'toString' }),
    });
    const outcome = await trainAt({ url: `${server.url}/start` }, jobIn(root), { limits: { statusFailures: 3 } });
    expect(outcome.end).toBe('failed');
    expect(outcome.reason).toBe(
      `The status address ${server.url}/jobs/7 gave no status 3 times: no status (HTTP 200).`,
    );
    expect(server.of('/jobs/7')).toHaveLength(3);
  });

  test('of another origin is not used: whoever answers does not choose where signed calls go', async () => {
    const other = await served({});
    const job = jobIn(root);
    const callback = callbackOf();
    const server = await served({
      'POST /start': (_request, response) => {
        answer(response, 202, { statusUrl: `${other.url}/status`, cancelUrl: 'file:///etc/passwd' });
        leaveModel(job);
        callback.end({ status: 'finished' });
      },
    });
    const outcome = await trainAt({ url: `${server.url}/start` }, job, { callback });
    expect(outcome.end).toBe('finished');
    expect(other.received).toEqual([]);
  });

  test('that says finished where no model came', async () => {
    const server = await served({
      'POST /start': (_request, response) => answer(response, 202, { statusUrl: '/jobs/7' }),
      'GET /jobs/7': (_request, response) => answer(response, 200, { status: 'success' }),
    });
    const outcome = await trainAt({ url: `${server.url}/start` }, jobIn(root));
    expect(outcome.end).toBe('failed');
    expect(outcome.reason).toBe(
      'The trainer says that it finished, but it left no model: its output folder holds no file beside metrics.json and reference.json.',
    );
  });
});
