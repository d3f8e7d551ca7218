/** What operators send: validation, idempotency, uploads; what they read: pages, entity tags, files. */
import { createHash } from 'node:crypto';
import { fakeTokens } from './support/fakes.ts';
import { errorBody, startApp, type TestApp } from './support/test-app.ts';

let on: TestApp;
beforeEach(async () => void (on = await startApp()));
afterEach(() => on.app.close());

const ROLLBACK = ['POST', '/v1/models/churn/rollback', { to: '1', reason: 'worse' }] as const;
const asked = (name: string) => on.calls.filter((call) => call.name === name).map(({ args }) => args);

describe('validation names the field and the remedy', () => {
  test.each([
    ['GET', '/v1/models?limt=3', undefined, 'query: "limt" is not known here.', 'Known are: limit, cursor.'],
    ['GET', '/v1/models?limit=1.5', undefined, 'query.limit: must be integer.', ''],
    ['GET', '/v1/models?limit=1e2', undefined, 'query.limit: must be integer.', ''],
    ['GET', '/v1/models?limit=501', undefined, 'query.limit: must be <= 500.', ''],
    ['GET', '/v1/models?limit=1&limit=2', undefined, 'query.limit: must be integer.', ''],
    ['GET', '/v1/models?cursor=abc', undefined, 'query.cursor: is no cursor of this list.', 'next'],
    ['GET', '/v1/models/a%20b', undefined, 'path.model: has a character', ''],
    ['GET', `/v1/models/${'a'.repeat(129)}`, undefined, 'path.model: has a character, a length', ''],
    ['GET', '/v1/models/churn/live?at=yesterday', undefined, 'query.at: is no time.', 'RFC 3339'],
    ['GET', '/v1/models/churn/live?at=8640000000000001', undefined, 'query.at: is no time.', 'RFC 3339'],
    ['GET', '/v1/models/churn/performance?from=01/02/2026', undefined, 'query.from: is no time.', 'RFC 3339'],
    ['GET', '/v1/models/churn/drift?window=0', undefined, 'query.window: must be >= 1.', ''],
    ['GET', '/v1/models/churn/versions/compare?a=1', undefined, 'query: "b" is missing.', 'Add "b".'],
    ['GET', '/v1/models/churn/versions/1/gates?to=prod', undefined, 'query.to: must be one of "development"', ''],
    ['POST', '/v1/models/churn/rollback', { to: '1' }, 'body: "reason" is missing.', 'Add "reason".'],
    ['POST', '/v1/models/churn/rollback', { to: 1, reason: 'x' }, 'body.to: must be string.', ''],
    ['POST', '/v1/models/churn/rollback', { to: '1', reason: 'x', why: 1 }, 'body: "why" is not known', 'to, reason'],
    ['POST', '/v1/models/churn/rollback', [], 'body: must be object.', ''],
    ['POST', '/v1/models/churn/rollback', undefined, 'body: must be object.', ''],
    [
      'PUT',
      '/v1/models/churn/policy',
      { gates: { staging: [{ metrc: 'x' }] } },
      'body.gates.staging.0: "metrc"',
      'metric',
    ],
    ['PUT', '/v1/models/churn', { features: { age: { pii: 'keep' } } }, 'body.features.age.pii: must be one of', ''],
    ['PATCH', '/v1/models/churn/versions/1', { tags: { a: 3 } }, 'body.tags.a: must be string.', ''],
    ['POST', '/v1/models/churn/versions', {}, 'body: "path" is missing.', 'Add "path".'],
  ])('%s %s', async (method, path, body, message, help) => {
    const response = await on.send(method, path, body);
    const answer = (await response.json()) as { message: string; help: string };
    expect([response.status, answer]).toEqual([400, errorBody('invalid_request')]);
    expect(answer.message).toContain(message);
    expect(answer.help).toContain(help);
    expect(on.calls).toEqual([]);
  });

  test('a reference profile is checked where it comes in', async () => {
    const response = await on.send('POST', '/v1/models/churn/versions', { path: '/m', reference: { format: 'other' } });
    expect([response.status, await response.json()]).toEqual([400, errorBody('invalid_reference')]);
  });

  test('a refused gate keeps its gates beside the message', async () => {
    const path = '/v1/models/churn/versions/2/transition';
    const response = await on.send('POST', path, { to: 'production', reason: 'now' });
    const gates = [expect.objectContaining({ metric: 'accuracy', need: 0.85, value: 0.8, n: 1000, met: false })];
    expect([response.status, await response.json()]).toEqual([409, { ...errorBody('gate_not_met'), gates }]);
  });

  test('an override asks for the scope admin and is passed on', async () => {
    const body = { to: 'production', reason: 'known issue', override: true };
    expect((await on.send('POST', '/v1/models/churn/versions/2/transition', body)).status).toBe(200);
    expect(asked('transition')[0]?.[2]).toEqual(body);
  });

  test('times are passed on as milliseconds', async () => {
    await on.get('/v1/models/churn/performance?from=2026-01-01T00:00:00Z&to=1767312000000&version=2');
    const query = { model: 'churn', version: '2', from: Date.UTC(2026, 0, 1), to: Date.UTC(2026, 0, 2) };
    expect(asked('performance')).toEqual([[query]]);
  });
});

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
    await on.app.close();
    on = await startApp();
    const rollback = on.calls;
    const slow = await startApp({
      lifecycle: {
        ...(await import('./support/fakes.ts')).fakeLifecycle(rollback),
        rollback: async (model, move, act) => {
          rollback.push({ name: 'rollback', args: [model, move, act] });
          reached();
          await waits;
          return (await import('./support/fakes.ts')).version(model, move.to);
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
    expect(rollback).toHaveLength(1);
    await slow.app.close();
  });

  test('a refusal is kept too; a failure inside is not', async () => {
    const move = ['POST', '/v1/models/churn/versions/2/transition', { to: 'production', reason: 'now' }] as const;
    expect((await once('k1', move)).status).toBe(409);
    expect((await once('k1', move)).headers.get('idempotency-replayed')).toBe('true');
    expect(asked('transition')).toHaveLength(1);
    on.kept.kept.clear();
    const { fakeLifecycle } = await import('./support/fakes.ts');
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

type Part = readonly [name: string, value: string, file?: string];

describe('uploads', () => {
  const form = (...parts: readonly Part[]) => {
    const data = new FormData();
    for (const [name, value, file] of parts)
      if (file === undefined) data.append(name, value);
      else data.append(name, new Blob([value]), file);
    return fetch(`${on.url}/v1/models/churn/versions`, { method: 'POST', body: data });
  };

  test('fields and files reach the registry, files by their paths', async () => {
    const response = await form(
      ['version', '7'],
      ['description', 'seventh'],
      ['tags', '{"team":"risk"}'],
      ['metrics', '{"accuracy":0.91}'],
      ['aliases', '["best"]'],
      ['files', 'weights', 'model/weights.bin'],
      ['files', 'about', 'README.md'],
    );
    expect(response.status).toBe(201);
    expect(response.headers.get('location')).toBe('/v1/models/churn/versions/7');
    const fields = { version: '7', description: 'seventh', tags: { team: 'risk' }, metrics: { accuracy: 0.91 } };
    expect(asked('save')[0]?.slice(0, 2)).toEqual([
      { model: 'churn', ...fields, aliases: ['best'] },
      [
        { path: 'model/weights.bin', text: 'weights' },
        { path: 'README.md', text: 'about' },
      ],
    ]);
  });

  test.each([
    ['no file', [['version', '7']], 'holds no file'],
    [
      'an unknown field',
      [
        ['vresion', '7'],
        ['files', 'x', 'a'],
      ],
      '"vresion" is not known',
    ],
    [
      'a field twice',
      [
        ['version', '7'],
        ['version', '8'],
        ['files', 'x', 'a'],
      ],
      'version: stands there twice',
    ],
    [
      'a structure that is no JSON',
      [
        ['tags', 'team=risk'],
        ['files', 'x', 'a'],
      ],
      'tags: is no JSON',
    ],
    [
      'a structure of the wrong kind',
      [
        ['tags', '[]'],
        ['files', 'x', 'a'],
      ],
      'body.tags: must be object',
    ],
    [
      'a field after a file',
      [
        ['files', 'x', 'a'],
        ['version', '7'],
      ],
      'version: a field comes after a file',
    ],
  ] as const)('an upload with %s is 400', async (_name, parts, message) => {
    const response = await form(...(parts as unknown as Part[]));
    const answer = (await response.json()) as { message: string };
    expect([response.status, answer]).toEqual([400, errorBody('invalid_request')]);
    expect(answer.message).toContain(message);
  });

  test('a file beyond the limit is 413', async () => {
    const response = await form(['files', 'x'.repeat(1_000_001), 'a']);
    expect([response.status, await response.json()]).toEqual([413, errorBody('too_large')]);
  });

  test('the same upload under the same key is saved once', async () => {
    const upload = () => {
      const data = new FormData();
      data.append('files', new Blob(['x']), 'a');
      return fetch(`${on.url}/v1/models/churn/versions`, {
        method: 'POST',
        body: data,
        headers: { 'idempotency-key': 'u' },
      });
    };
    expect([(await upload()).status, (await upload()).status]).toEqual([201, 201]);
    expect(asked('save')).toHaveLength(1);
  });
});

describe('pages', () => {
  test('are walked by cursors that only their own list takes', async () => {
    const seen: string[] = [];
    let next: string | null = null;
    let pages = 0;
    do {
      const cursor = next === null ? '' : `&cursor=${next}`;
      const page = await (await on.get(`/v1/models/churn/versions?limit=2${cursor}`)).json();
      const found = page as { items: { version: string }[]; next: string | null };
      seen.push(...found.items.map((item) => item.version));
      ({ next } = found);
      pages++;
      if (next !== null) {
        expect((await on.get(`/v1/models/other/versions?cursor=${next}`)).status).toBe(400);
        expect((await on.get(`/v1/audit?cursor=${next}`)).status).toBe(400);
      }
    } while (next !== null);
    expect([seen, pages]).toEqual([['1', '2', '3'], 2]);
  });

  test('of the audit log likewise, with their filters', async () => {
    const first = (await (await on.get('/v1/audit?limit=2&model=churn')).json()) as { next: string; items: object[] };
    expect(first.items).toHaveLength(2);
    const last = (await (await on.get(`/v1/audit?limit=2&model=churn&cursor=${first.next}`)).json()) as {
      items: object[];
    };
    expect(last).toMatchObject({ items: [{ seq: 1 }], next: null });
    expect((await on.get(`/v1/audit?model=other&cursor=${first.next}`)).status).toBe(400);
  });
});

describe('entity tags', () => {
  test.each(['/v1/models', '/v1/models/churn/versions/2', '/v1/models/churn/performance', '/v1/models/churn/policy'])(
    '%s is sent again only when it has changed',
    async (path) => {
      const first = await on.get(path);
      const tag = first.headers.get('etag') as string;
      expect(first.headers.get('cache-control')).toBe('private, no-cache');
      const again = await on.get(path, { 'if-none-match': tag });
      expect([again.status, await again.text()]).toEqual([304, '']);
      expect((await on.get(path, { 'if-none-match': '"other"' })).status).toBe(200);
    },
  );

  test('a change is never answered 304, and is not kept by anybody', async () => {
    const changed = await on.send(...ROLLBACK, { 'if-none-match': '*' });
    expect([changed.status, changed.headers.get('cache-control')]).toEqual([200, 'no-store']);
  });
});

describe('files', () => {
  test('come whole, with length and digest, as something to save', async () => {
    const response = await on.get('/v1/models/churn/versions/1/files/model.bin');
    expect(await response.text()).toBe('hello');
    expect(Object.fromEntries(response.headers)).toMatchObject({
      ...{ 'content-length': '5', 'content-type': 'application/octet-stream', etag: `"${'a'.repeat(64)}"` },
      ...{ 'content-disposition': 'attachment', 'x-content-type-options': 'nosniff' },
    });
    const head = await on.send('HEAD', '/v1/models/churn/versions/1/files/model.bin');
    expect([head.status, await head.text()]).toEqual([200, '']);
    const known = await on.get('/v1/models/churn/versions/1/files/model.bin', {
      'if-none-match': `"${'a'.repeat(64)}"`,
    });
    expect(known.status).toBe(304);
  });

  test('one that is damaged breaks off instead of ending', async () => {
    const { fakeRegistry } = await import('./support/fakes.ts');
    const broken = await startApp({
      registry: fakeRegistry([], async function* () {
        yield Buffer.from('hel');
        throw new Error('the digest does not match');
      }),
    });
    const reading = fetch(`${broken.url}/v1/models/churn/versions/1/files/model.bin`).then((response) =>
      response.text(),
    );
    await expect(reading).rejects.toThrow();
    expect((await broken.get('/livez')).status).toBe(200);
    await broken.app.close();
  });

  test('one that is not there is 404', async () => {
    expect((await on.get('/v1/models/churn/versions/1/files/other.bin')).status).toBe(404);
  });
});

test('the hash of a token is that of its text', async () => {
  const { hashToken } = await import('../../../collector/src/audit/access-token.ts');
  expect(hashToken('secret')).toBe(createHash('sha256').update('secret').digest('hex'));
});
