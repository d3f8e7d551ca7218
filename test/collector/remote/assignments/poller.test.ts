/** Asking again and again: what each answer means, and when the next question comes. */
import type { PlumblineError } from '../../../../collector/src/errors.ts';
import {
  AssignmentPoller,
  type PollerEnvironment,
  type ReceivedState,
} from '../../../../collector/src/remote/assignments/poller.ts';
import type { GetOptions } from '../../../../collector/src/remote/delivery/http-client.ts';
import type { Answer } from '../../../../collector/src/remote/delivery/outcome.ts';
import { assignments } from '../../client/support/routing.ts';

const url = 'http://collector';
const body = JSON.stringify(assignments({ split: { '1': 10_000 } }));
const answer = (status: number, more: Partial<Answer> = {}): Answer => ({
  ...{ status, retryAfter: null, location: null, text: '' },
  ...more,
});

/** A poller whose timers are run by hand. */
function polling(answers: readonly (Answer | Error)[], { random = 0.5, etag = null as string | null } = {}) {
  const seen = {
    paths: [] as string[],
    asked: [] as GetOptions[],
    waits: [] as number[],
    confirmed: [] as (ReceivedState | undefined)[],
    errors: [] as PlumblineError[],
    due: undefined as (() => void) | undefined,
  };
  const left = [...answers];
  const environment: PollerEnvironment = {
    get: (path, options) => {
      seen.paths.push(path);
      seen.asked.push(options);
      const next = left.shift() ?? answer(304);
      return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
    },
    random: () => random,
    now: () => 0,
    later: (work, milliseconds) => {
      seen.waits.push(milliseconds);
      seen.due = work;
      return () => (seen.due = undefined);
    },
    confirmed: (received) => void seen.confirmed.push(received),
    failed: (error) => void seen.errors.push(error),
  };
  return { poller: new AssignmentPoller({ url, model: 'm', interval: 1_000, etag }, environment), seen };
}

test('the first answer has an ETag, the second question names it, and 304 confirms the state', async () => {
  const { poller, seen } = polling([answer(200, { text: body, etag: '"a"' }), answer(304)]);
  expect(await poller.poll()).toBe(true);
  expect(await poller.poll()).toBe(true);
  expect(seen.asked.map(({ headers }) => headers)).toEqual([{}, { 'if-none-match': '"a"' }]);
  expect(seen.confirmed).toMatchObject([{ text: body, etag: '"a"', state: { production: '1' } }, undefined]);
  expect(seen.waits).toEqual([1_000, 1_000]);
});

test('only the model in question is asked about', async () => {
  const { poller, seen } = polling([answer(200, { text: body })]);
  await poller.poll();
  expect(seen.paths).toEqual(['/v1/assignments?model=m']);
});

test('a state that is known from before is asked about', async () => {
  const { poller, seen } = polling([answer(304)], { etag: '"kept"' });
  expect(await poller.poll()).toBe(true);
  expect(seen.asked[0]?.headers).toEqual({ 'if-none-match': '"kept"' });
});

test('replicas spread by a tenth around the interval', async () => {
  for (const [random, wait] of [
    [0, 900],
    [1, 1_100],
  ] as const) {
    const { poller, seen } = polling([answer(200, { text: body })], { random });
    await poller.poll();
    expect(seen.waits[0]).toBeCloseTo(wait, 9);
  }
});

test('failures that may pass wait longer and longer, with full jitter, up to 30 s; then all is as before', async () => {
  const failures = [...Array.from({ length: 8 }, () => answer(503)), answer(200, { text: body })];
  const { poller, seen } = polling(failures, { random: 1 });
  for (let attempt = 0; attempt < 8; attempt++) expect(await poller.poll()).toBe(false);
  expect(seen.waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  expect(await poller.poll()).toBe(true);
  expect(seen.waits.at(-1)).toBeCloseTo(1_100, 9);
});

test('a service that asks for patience gets it', async () => {
  const { poller, seen } = polling([answer(429, { retryAfter: '7' })]);
  await poller.poll();
  expect(seen.waits).toEqual([7_000]);
});

test.each([401, 403, 404, 405, 407])('%d is for people to put right: 30 to 60 s', async (status) => {
  const { poller, seen } = polling([answer(status)], { random: 0 });
  expect(await poller.poll()).toBe(false);
  expect(seen.waits).toEqual([30_000]);
});

test.each([
  [answer(200, { text: '<html>' }), 'answers 200 but not with assignments'],
  [answer(200, { text: '{"items":{}}' }), 'items is no list'],
  [answer(204), 'answers 204 to a question for assignments'],
  [answer(302, { location: '/login' }), 'answers 302 to a question for assignments'],
  [answer(304), 'answers 304 to a question for assignments'],
  [answer(401), 'refused the token'],
  [answer(503), 'it answered 503'],
  [new Error('socket'), 'cannot be read'],
])('what is no usable answer is told and changes nothing: %j', async (given, message) => {
  const { poller, seen } = polling([given]);
  expect(await poller.poll()).toBe(false);
  expect(seen.confirmed).toEqual([]);
  expect(seen.errors.map((error) => error.message)).toEqual([expect.stringContaining(message)]);
});

test('the ETag of an answer that cannot be used is not kept', async () => {
  const { poller, seen } = polling([answer(200, { text: '{}', etag: '"bad"' })]);
  await poller.poll();
  await poller.poll();
  expect(seen.asked[1]?.headers).toEqual({});
});

test('one question at a time, and the next one is due by itself', async () => {
  const { poller, seen } = polling([answer(200, { text: body })]);
  await Promise.all([poller.poll(), poller.poll()]);
  expect(seen.asked).toHaveLength(1);
  seen.due?.();
  expect(seen.asked).toHaveLength(2);
});

test('after close nothing is asked, told or due', async () => {
  const { poller, seen } = polling([answer(200, { text: body })]);
  const under = poller.poll();
  await poller.close();
  expect(await under).toBe(false);
  expect(seen.asked[0]?.signal?.aborted).toBe(true);
  expect(await poller.poll()).toBe(false);
  expect(seen).toMatchObject({ confirmed: [], errors: [], waits: [], due: undefined });
});
