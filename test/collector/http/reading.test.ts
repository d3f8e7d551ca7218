/** What is read often: pages, entity tags, files. */
import { fakeRegistry } from './support/fakes.ts';
import { startApp, type TestApp } from './support/test-app.ts';

let on: TestApp;
beforeEach(async () => void (on = await startApp()));
afterEach(() => on.app.close());

const ROLLBACK = ['POST', '/v1/models/churn/rollback', { to: '1', reason: 'worse' }] as const;

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
