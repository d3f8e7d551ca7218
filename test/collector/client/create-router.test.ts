/** A router as programs use it, over a real connection to a collector that does whatever it is told. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRouter, type CreateRouterOptions } from '../../../collector/src/index.ts';
import { untyped } from '../support/core.ts';
import { until } from '../remote/support/remote.ts';
import { assignments, useRouting } from './support/routing.ts';

const { here, routing } = useRouting();
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plumbline-router-'));
});
afterEach(() => rmSync(folder, { recursive: true }));
const half = assignments({ split: { '1': 5_000, '2': 10_000 } });

describe('asking', () => {
  test('at once, with the token, about the own model', async () => {
    const { router } = routing({ collector: { url: here.collector.url, token: 'secret' } });
    expect(router.route('a')).toEqual({ version: '0', experiment: null, reason: 'default', stale: true });
    expect(await router.ready()).toBe(true);
    expect(here.asked).toEqual([{ path: '/v1/assignments?model=m', etag: undefined, token: 'Bearer secret' }]);
    expect(router.route('a')).toEqual({ version: '1', experiment: null, reason: 'production', stale: false });
  });

  test('a state that has not changed is not sent again', async () => {
    const { router } = routing();
    const events: string[] = [];
    await router.ready();
    router.subscribe((event) => void events.push(event));
    expect(await router.refresh()).toBe(true);
    here.shown = half;
    expect(await router.refresh()).toBe(true);
    expect(here.asked.map(({ etag }) => typeof etag)).toEqual(['undefined', 'string', 'string']);
    expect(router.route(7)).toMatchObject({ reason: 'split', experiment: { name: 'e', epoch: 1, propensity: 0.5 } });
    expect(router.route()).toMatchObject({ version: '1', reason: 'random' });
    expect(router.route('')).toMatchObject({ reason: 'random' });
    expect(router.status()).toMatchObject({
      ...{ production: '1', experiment: { name: 'e', epoch: 1 }, stale: false, error: null },
      confirmedAt: expect.stringMatching(/^\d{4}-/),
    });
    expect(events).toEqual(['changed']);
  });

  test('again by itself', async () => {
    const { router } = routing({ pollSeconds: 0.1 });
    await until(() => here.asked.length > 2);
    expect(router.status().stale).toBe(false);
  });

  test.each([
    [{ status: 500 }, 'answered 500'],
    [{ status: 503, headers: { 'retry-after': '1' } }, 'answered 503'],
    [{ status: 401, body: '{"message":"unknown token","code":"unauthorized"}' }, 'refused the token: unknown token'],
    [{ status: 404 }, 'answers 404'],
    [{ status: 200, body: '{"items":[{}],"models":null}' }, 'models is no list'],
    ['garbage', 'not with assignments'],
    ['reset', 'cannot be reached'],
    ['cut_off', 'cannot be reached'],
    ['hangs', 'no answer within 0.05 s'],
  ] as const)(
    'while the service answers %j the last known state holds, marked stale, and is told once',
    async (fate, message) => {
      here.shown = half;
      const { router, errors } = routing({ collector: { url: here.collector.url, requestSeconds: 0.05 } });
      // On a slow machine even a good answer may come too late for so short a time.
      await until(() => router.refresh());
      const events: string[] = [];
      router.subscribe((event) => void events.push(event));
      const before = router.route('a');
      errors.length = 0;
      here.fate = fate;
      await until(async () => !(await router.refresh()));
      await router.refresh();
      expect(router.route('a')).toEqual({ ...before, stale: true });
      expect(router.status().error?.message).toContain(message);
      here.fate = undefined;
      await until(() => router.refresh());
      expect(router.route('a')).toEqual(before);
      expect(events).toEqual(['stale', 'fresh']);
      expect(router.status()).toMatchObject({ error: null, counts: { callbacksFailed: 0 } });
    },
  );

  test('a service that is away at the start: the fallback, then what it says', async () => {
    here.fate = { status: 503, body: '{"message":"starting","code":"not_ready"}' };
    const { router, errors } = routing();
    expect(await router.ready()).toBe(false);
    expect(router.route('a')).toMatchObject({ version: '0', reason: 'default', stale: true });
    expect(errors).toMatchObject([{ code: 'not_ready', message: expect.stringContaining('starting') }]);
    here.fate = undefined;
    await until(() => !router.route('a').stale);
    expect(router.route('a')).toMatchObject({ version: '1', reason: 'production' });
    expect(router.status().counts.pollsFailed).toBeGreaterThan(0);
  });

  test('an experiment that splits in a way nobody knows here: production, and a word about it', async () => {
    here.shown = assignments({ split: { '2': 10_000 }, more: { hash: 'xxh3' } });
    const { router, errors } = routing();
    await router.ready();
    expect(router.route('a')).toMatchObject({ version: '1', reason: 'production' });
    expect(errors.map(({ message }) => message)).toEqual([expect.stringContaining('splits by "xxh3"')]);
  });

  test('a listener that throws disturbs nobody', async () => {
    const { router } = routing();
    await router.ready();
    const told: string[] = [];
    router.subscribe(() => {
      throw new Error('mine');
    });
    const end = router.subscribe((event) => void told.push(event));
    here.shown = half;
    await router.refresh();
    end();
    here.shown = assignments();
    await router.refresh();
    expect([told, router.status().counts.callbacksFailed]).toEqual([['changed'], 2]);
  });
});

describe('over a restart', () => {
  const options = () => ({ stateFile: join(folder, 'assignments.json') });

  test('the last state routes while the service is away, and is asked about by its ETag', async () => {
    here.shown = half;
    const first = routing(options());
    await first.router.ready();
    const route = first.router.route('a');
    await first.router.close();
    here.fate = { status: 503 };
    const second = routing(options());
    expect(second.router.route('a')).toEqual({ ...route, stale: true });
    expect(await second.router.ready()).toBe(true);
    expect(second.router.route('a')).toEqual({ ...route, stale: true });
    here.fate = undefined;
    await until(() => second.router.refresh());
    expect(second.router.route('a')).toEqual(route);
    expect(here.asked.at(-1)?.etag).toEqual(expect.stringMatching(/^"/));
  });

  test('a broken file is told of and replaced', async () => {
    writeFileSync(options().stateFile, '{"format":1');
    const { router, errors } = routing(options());
    expect(errors.map(({ code }) => code)).toEqual(['foreign_state']);
    await router.ready();
    await router.close();
    expect((await routing(options()).router.ready()) && errors.length).toBe(1);
  });

  test('no file is written before there is an answer', async () => {
    here.fate = { status: 503 };
    const { router } = routing(options());
    await router.ready();
    await router.close();
    expect(existsSync(options().stateFile)).toBe(false);
  });
});

test('close ends everything: nothing is asked any more, and routes go on', async () => {
  here.shown = half;
  const { router } = routing({ pollSeconds: 0.1 });
  await router.ready();
  const route = router.route('a');
  const closing = router.close();
  expect(router.close()).toBe(closing);
  await closing;
  const asked = here.asked.length;
  expect(await router.refresh()).toBe(false);
  expect(router.route('a')).toEqual({ ...route, stale: true });
  expect(here.asked).toHaveLength(asked);
});

describe('options that are wrong', () => {
  const fine = { model: 'm', fallback: '1', collector: { url: 'http://127.0.0.1:9' } };
  const arm = () => 'a';

  test.each([
    [undefined, 'options: expected an object'],
    [{ model: 'a b' }, 'model: "a b" is not a usable name'],
    [{ collector: undefined }, 'collector: expected an object'],
    [{ collector: { url: 'x' } }, 'collector.url: expected an http(s) address'],
    [{ fallback: undefined }, 'fallback: expected a version'],
    [{ fallback: 'a b' }, 'fallback: "a b" is not a usable name'],
    [{ fallback: '2', arms: { '1': arm } }, 'fallback: "2" is not among the arms'],
    [{ fallback: undefined, arms: { '1': arm, '2': arm } }, 'fallback: expected a version'],
    [{ arms: [] }, 'arms: expected functions by version'],
    [{ arms: { 'a b': arm } }, 'arms: "a b" is not a usable name'],
    [{ arms: { '1': 'a' } }, 'arms.1: expected a function'],
    [{ monitors: 7 }, 'monitors: expected monitors by version'],
    [{ arms: { '1': arm }, monitors: { '2': {} } }, 'monitors.2: is not among the arms'],
    [{ arms: { '1': arm }, monitors: { '1': {} } }, 'monitors.1: is no monitor'],
    [{ monitor: 7 }, 'monitor: expected an object'],
    [{ monitor: { version: '1' } }, "monitor.version: is the router's own"],
    [{ arms: { '1': arm }, monitor: { classes: 7 } }, 'classes: expected an array'],
    [{ toRow: 7 }, 'toRow: expected a function'],
    [{ pollSeconds: 0 }, 'pollSeconds: 0 is not from 0.1 to 86400'],
    [{ pollSeconds: 'often' }, 'pollSeconds: often is not a number of seconds'],
    [{ stateFile: '' }, 'stateFile: expected the path of a file'],
    [{ random: 0.5 }, 'random: expected a function'],
    [{ onError: 'ignore' }, 'onError: there is no "ignore"'],
    [{ shadows: true }, 'shadows: expected an object'],
    [{ shadows: { concurrency: 0 } }, 'shadows.concurrency: 0 is not a whole number from 1 to 1000'],
    [{ shadows: { queue: -1 } }, 'shadows.queue: -1 is not a whole number from 0 to 100000'],
  ])('%j', (wrong, message) => {
    const options = untyped<CreateRouterOptions<never>>(wrong && { ...fine, ...wrong });
    expect(() => createRouter(options)).toThrow(message);
    try {
      createRouter(options);
    } catch (error) {
      expect(error).toMatchObject({ name: 'PlumblineError', code: 'invalid_configuration' });
    }
  });

  test('a monitor that cannot be made leaves none behind', async () => {
    const { producer } = routing();
    const collector = { url: here.collector.url, closeSeconds: 0.05 };
    const taken = { model: 'm', fallback: '1', collector, monitor: { producer }, arms: { '1': arm, '2': arm } };
    const first = createRouter({ ...taken, arms: { '2': arm }, fallback: '2' });
    expect(() => createRouter(taken)).toThrow(/"?m"?.*"?2"?/);
    await first.close();
    await until(() => {
      try {
        void createRouter(taken).close();
        return true;
      } catch {
        return false;
      }
    });
  });
});
