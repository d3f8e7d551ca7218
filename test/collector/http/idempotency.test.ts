/** `Idempotency-Key`: the same request again does nothing and gets the same answer. */
import { fakeLifecycle, fakeTokens, version, type Call } from './support/fakes.ts';
import { errorBody, startApp, type TestApp } from './support/test-app.ts';

let on: TestApp;
beforeEach(async () => void (on = await startApp()));
afterEach(() => on.app.close());

const ROLLBACK = ['POST', '/v1/models/churn/rollback', { to: '1', reason: 'worse' }] as const;
const asked = (name: string) => on.calls.filter((call) => call.name === name).map(({ args }) => args);

describe('Idempotency-Key', () => {
  const once = (key: string, [method, path, body]: readonly [string, string, object] = ROLLBACK) =>
    on.send(method, path, body, { 'idempotency-key': key });

  test('the same request again gets the same answer and does nothing', async () => {
    const first = await once('k1');
    const again = await once('k1');
    expect(asked('rollback')).toHaveLength(1);
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([200, 'true']);
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(await again.text()).toBe(await first.text());
  });

  test('without a key, or with another, it is done again', async () => {
    await once('k1');
    await once('k2');
    await on.send(...ROLLBACK);
    expect(asked('rollback')).toHaveLength(3);
  });

  test('another request under the same key is refused', async () => {
    await once('k1');
    for (const other of [
      ['POST', '/v1/models/churn/rollback', { to: '2', reason: 'worse' }],
      ['POST', '/v1/models/other/rollback', { to: '1', reason: 'worse' }],
      ['PUT', '/v1/models/churn/policy', { retentionDays: 1 }],
    ] as const) {
      const response = await once('k1', other);
      expect([response.status, await response.json()]).toEqual([422, errorBody('idempotency_mismatch')]);
    }
    expect(on.calls).toHaveLength(1);
  });

  test('while the first is under way the second is told to wait, and then gets its answer', async () => {
    let go = () => {};
    const waits = new Promise<void>((resolve) => (go = resolve));
    let reached = () => {};
    const arrived = new Promise<void>((resolve) => (reached = resolve));
    const calls: Call[] = [];
    const slow = await startApp({
      lifecycle: {
        ...fakeLifecycle(calls),
        rollback: async (model, move, act) => {
          calls.push({ name: 'rollback', args: [model, move, act] });
          reached();
          await waits;
          return version(model, move.to);
        },
      },
    });
    const key = { 'idempotency-key': 'k1' };
    const first = slow.send(...ROLLBACK, key);
    await arrived;
    const second = await slow.send(...ROLLBACK, key);
    expect([second.status, await second.json()]).toEqual([409, errorBody('conflict')]);
    expect(second.headers.get('retry-after')).toBe('1');
    go();
    const text = await (await first).text();
    expect(await (await slow.send(...ROLLBACK, key)).text()).toBe(text);
    expect(calls).toHaveLength(1);
    await slow.app.close();
  });

  test('a refusal is kept too; a failure inside is not', async () => {
    const move = ['POST', '/v1/models/churn/versions/2/transition', { to: 'production', reason: 'now' }] as const;
    expect((await once('k1', move)).status).toBe(409);
    expect((await once('k1', move)).headers.get('idempotency-replayed')).toBe('true');
    expect(asked('transition')).toHaveLength(1);
    on.kept.kept.clear();
    const fails = async () => {
      throw new Error('inside');
    };
    const broken = await startApp({ lifecycle: { ...fakeLifecycle([]), rollback: fails }, keptAnswers: on.kept });
    const key = { 'idempotency-key': 'k2' };
    expect((await broken.send(...ROLLBACK, key)).status).toBe(500);
    expect(on.kept.kept.size).toBe(0);
    expect((await broken.send(...ROLLBACK, key)).status).toBe(500);
    await broken.app.close();
  });

  test('a key belongs to the token that used it', async () => {
    await on.app.close();
    on = await startApp({ auth: { tokens: fakeTokens({ a: { scopes: ['operate'] }, b: { scopes: ['operate'] } }) } });
    for (const token of ['a', 'b'])
      await on.send(...ROLLBACK, { 'idempotency-key': 'k1', authorization: `Bearer ${token}` });
    expect(asked('rollback')).toHaveLength(2);
  });

  test.each(['', 'a b', 'x'.repeat(256), 'schlüssel'])('the key "%s" is none', async (key) => {
    const value = Buffer.from(key, 'utf8').toString('latin1');
    const response = await on.send(...ROLLBACK, { 'idempotency-key': value });
    expect([response.status, await response.json()]).toEqual([400, errorBody('invalid_request')]);
    expect(on.calls).toEqual([]);
  });

  test('a request that is refused before it is done does not use the key up', async () => {
    expect((await once('k1', ['POST', '/v1/models/churn/rollback', {}])).status).toBe(400);
    expect((await once('k1')).status).toBe(200);
  });
});
