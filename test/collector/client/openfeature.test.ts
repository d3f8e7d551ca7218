/** Routers behind the real SDK of OpenFeature. */
import { ErrorCode, OpenFeature, ProviderEvents, ProviderStatus, type Client } from '@openfeature/server-sdk';
import { createRouter, plumblineProvider, type PlumblineProvider } from '../../../collector/src/index.ts';
import { until } from '../remote/support/remote.ts';
import { untyped } from '../support/core.ts';
import { assignments, useRouting } from './support/routing.ts';

const { here, routing } = useRouting();
afterEach(() => OpenFeature.clearProviders());
const half = assignments({ split: { '1': 5_000, '2': 10_000 } });
let domains = 0;

/** A client of its own, which hears every event from the first on. */
async function client(provider: PlumblineProvider): Promise<{ client: Client; events: unknown[] }> {
  const domain = `domain-${++domains}`;
  const made = OpenFeature.getClient(domain);
  const events: unknown[] = [];
  for (const event of [ProviderEvents.Ready, ProviderEvents.Stale, ProviderEvents.Error])
    made.addHandler(event, () => void events.push(event));
  made.addHandler(ProviderEvents.ConfigurationChanged, (details) => void events.push(details?.flagsChanged));
  await OpenFeature.setProviderAndWait(domain, provider);
  return { client: made, events };
}

test('a string flag is a model: value and variant are the version, and the metadata says what a row wants to know', async () => {
  here.shown = half;
  const { router } = routing();
  const { client: flags } = await client(plumblineProvider(router));
  const context = { targetingKey: 'user-1' };
  const { version } = router.route('user-1');
  expect(await flags.getStringDetails('m', 'x', context)).toEqual({
    ...{ flagKey: 'm', value: version, variant: version, reason: 'SPLIT' },
    flagMetadata: { model: 'm', reason: 'split', experiment: 'e', epoch: 1, propensity: 0.5 },
  });
  for (let user = 0; user < 50; user++) {
    const key = `user-${user}`;
    expect(await flags.getStringValue('m', 'x', { targetingKey: key })).toBe(router.route(key).version);
  }
  expect(await flags.getStringDetails('m', 'x')).toMatchObject({ reason: 'SPLIT', flagMetadata: { reason: 'random' } });
});

test('without an experiment the version in production is static, and that of nothing known a default', async () => {
  const { router } = routing();
  const { client: flags } = await client(plumblineProvider(router));
  expect(await flags.getStringDetails('m', 'x', { targetingKey: 'a' })).toMatchObject({
    ...{ value: '1', variant: '1', reason: 'STATIC', flagMetadata: { model: 'm', reason: 'production' } },
  });
  here.shown = assignments({ production: null });
  await router.refresh();
  expect(await flags.getStringDetails('m', 'x')).toMatchObject({ value: '0', reason: 'DEFAULT' });
});

test('flags may be called otherwise, and one provider serves several models', async () => {
  const first = routing().router;
  const second = routing({ model: 'another' }).router;
  const provider = plumblineProvider([first, second], { flags: { 'which-churn': 'm', 'the other': 'another' } });
  const { client: flags } = await client(provider);
  for (const [flag, version] of Object.entries({ m: '1', 'which-churn': '1', another: '9', 'the other': '9' }))
    expect(await flags.getStringValue(flag, 'x')).toBe(version);
});

test('what is no version gets the default value and says why', async () => {
  const { client: flags } = await client(plumblineProvider(routing().router));
  const unknown = { reason: 'ERROR', errorCode: ErrorCode.FLAG_NOT_FOUND };
  const mismatch = { reason: 'ERROR', errorCode: ErrorCode.TYPE_MISMATCH };
  expect(await flags.getStringDetails('n', 'x')).toMatchObject({ value: 'x', ...unknown });
  expect(await flags.getBooleanDetails('n', true)).toMatchObject({ value: true, ...unknown });
  expect(await flags.getBooleanDetails('m', true)).toMatchObject({ value: true, ...mismatch });
  expect(await flags.getNumberDetails('m', 7)).toMatchObject({ value: 7, ...mismatch });
  expect(await flags.getObjectDetails('m', { a: 1 })).toMatchObject({
    ...{ value: { a: 1 }, ...mismatch, errorMessage: expect.stringContaining('ask for a string') },
  });
});

test('events: ready, changed, stale and ready again', async () => {
  const { router } = routing();
  const { client: flags, events } = await client(plumblineProvider(router, { flags: { other: 'm' } }));
  expect(events).toEqual([ProviderEvents.Ready]);
  here.shown = half;
  await router.refresh();
  here.fate = { status: 503 };
  await until(async () => !(await router.refresh()));
  expect(flags.providerStatus).toBe(ProviderStatus.STALE);
  expect(await flags.getStringDetails('m', 'x', { targetingKey: 'a' })).toMatchObject({
    ...{ value: router.route('a').version, reason: 'STALE', flagMetadata: { reason: 'split', experiment: 'e' } },
  });
  here.fate = undefined;
  await until(() => router.refresh());
  expect(flags.providerStatus).toBe(ProviderStatus.READY);
  expect(events).toEqual([ProviderEvents.Ready, ['m', 'other'], ProviderEvents.Stale, ProviderEvents.Ready]);
});

test('a service that is away at the start does not stop the program: an error event, the fallback, and ready once it is there', async () => {
  here.fate = { status: 503 };
  const { router } = routing();
  const { client: flags, events } = await client(plumblineProvider(router));
  await until(() => flags.providerStatus === ProviderStatus.ERROR);
  expect(await flags.getStringDetails('m', 'x')).toMatchObject({ value: '0', reason: 'DEFAULT' });
  here.fate = undefined;
  await until(() => flags.providerStatus === ProviderStatus.READY);
  expect(await flags.getStringValue('m', 'x')).toBe('1');
  expect(events[0]).toBe(ProviderEvents.Ready);
  expect(events).toContain(ProviderEvents.Error);
  expect(events.at(-1)).toBe(ProviderEvents.Ready);
});

test('a provider that is replaced closes its routers and says nothing more', async () => {
  const { router } = routing();
  const { client: flags, events } = await client(plumblineProvider(router));
  await OpenFeature.clearProviders();
  await until(async () => !(await router.refresh()));
  expect(events).toEqual([ProviderEvents.Ready]);
  expect(await flags.getStringValue('m', 'x')).toBe('x');
});

const fine = () => createRouter({ model: 'm', fallback: '1', collector: { url: here.collector.url } });

test.each([
  [() => [], {}, 'routers: there is none'],
  [() => [{}], {}, 'routers: expected routers'],
  [() => undefined, {}, 'routers: expected routers'],
  [() => [fine(), fine()], {}, 'routers: two of the model "m"'],
  [fine, { flags: 7 }, 'flags: expected models by flag key'],
  [fine, { flags: { a: 'n' } }, 'flags.a: no router of a model "n"'],
])('what is wrong is named: %s %j', async (make, options, message) => {
  const routers = make();
  expect(() => plumblineProvider(untyped(routers), untyped(options))).toThrow(message);
  for (const router of [routers].flat()) if (router && 'close' in router) await router.close();
});
