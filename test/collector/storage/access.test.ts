/** Tokens and kept answers, on both engines. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashToken } from '../../../collector/src/audit/access-token.ts';
import { cachedTokens, TOKEN_MEMORY } from '../../../collector/src/audit/cached-tokens.ts';
import { combinedTokens, environmentTokens } from '../../../collector/src/audit/environment-tokens.ts';
import { createAuditReader } from '../../../collector/src/storage/audit-log.ts';
import type { Database } from '../../../collector/src/storage/database.ts';
import { createKeptAnswers } from '../../../collector/src/storage/kept-answers.ts';
import { openStore } from '../../../collector/src/storage/open-store.ts';
import { createStoreHealth } from '../../../collector/src/storage/store-health.ts';
import { createTokenStore } from '../../../collector/src/storage/tokens.ts';
import { findPostgres, POSTGRES_MISSING, startPostgres, type Postgres } from '../../support/postgres.ts';

const folder = mkdtempSync(join(tmpdir(), 'plumbline-access-'));
const binaries = findPostgres();
let postgres: Postgres | undefined;
if (binaries === undefined) process.stderr.write(`${POSTGRES_MISSING}\n`);

beforeAll(async () => {
  if (binaries !== undefined) postgres = await startPostgres(binaries);
});
afterAll(async () => {
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const OPERATOR = { name: 'root', role: null, verified: false, token: null };
const START = Date.UTC(2026, 0, 1);

describe.each(['sqlite', 'postgres'] as const)('%s', (engine) => {
  const given = engine === 'postgres' && binaries === undefined ? test.skip : test;
  const open: Database[] = [];
  let made = 0;
  let now = START;
  beforeEach(() => void (now = START));
  afterEach(async () => {
    for (const database of open.splice(0)) await database.close();
  });

  async function fresh(): Promise<{ dataFolder: string; url: string | undefined }> {
    const dataFolder = join(folder, `${engine}${++made}`);
    return { dataFolder, url: engine === 'postgres' ? await (postgres as Postgres).createDatabase() : undefined };
  }
  async function opened(place?: Awaited<ReturnType<typeof fresh>>): Promise<Database> {
    const database = await openStore(place ?? (await fresh()));
    open.push(database);
    return database;
  }
  const tokensOf = (database: Database) => createTokenStore(database, { now: () => now, newId: () => `id${++made}` });

  describe('tokens', () => {
    given('are found by their hash until they are revoked; the text is nowhere', async () => {
      const database = await opened();
      const tokens = tokensOf(database);
      expect(await tokens.any()).toBe(false);
      const token = { scopes: ['operate', 'ingest'], requireIdentity: true, name: 'plugin' } as const;
      const { id, ...listed } = await tokens.create(token, 'secret-text', OPERATOR);
      expect(listed).toEqual({ ...token, createdAt: '2026-01-01T00:00:00.000Z', revokedAt: null });
      expect(await tokens.find(hashToken('secret-text'))).toEqual({ id, ...token });
      expect(await tokens.find(hashToken('other'))).toBeUndefined();
      expect(JSON.stringify(await database.db.selectFrom('tokens').selectAll().execute())).not.toContain('secret-text');
      now += 1000;
      expect(await tokens.revoke(id, OPERATOR)).toMatchObject({ id, revokedAt: '2026-01-01T00:00:01.000Z' });
      expect([await tokens.find(hashToken('secret-text')), await tokens.any()]).toEqual([undefined, false]);
      expect(await tokens.list()).toEqual([expect.objectContaining({ id, revokedAt: '2026-01-01T00:00:01.000Z' })]);
    });

    given('leave a trace in the audit log; revoking twice leaves one', async () => {
      const database = await opened();
      const tokens = tokensOf(database);
      const { id } = await tokens.create({ scopes: ['read'], requireIdentity: false }, 'text', OPERATOR);
      await tokens.revoke(id, OPERATOR);
      await tokens.revoke(id, OPERATOR);
      const { items } = await createAuditReader(database).list({ limit: 10 });
      const facts = { id, scopes: ['read'], requireIdentity: false };
      expect(items.map(({ action, subject, before, after }) => ({ action, subject, before, after }))).toEqual([
        { action: 'token.revoked', subject: id, before: facts, after: null },
        { action: 'token.created', subject: id, before: null, after: facts },
      ]);
      expect(JSON.stringify(items)).not.toContain(hashToken('text'));
    });

    given('an unknown id is named', async () => {
      const tokens = tokensOf(await opened());
      await expect(tokens.revoke('nobody', OPERATOR)).rejects.toMatchObject({
        code: 'not_found',
        message: 'There is no token "nobody".',
      });
    });

    given('are remembered for a moment, and forgotten after it; one just made works at once', async () => {
      const tokens = tokensOf(await opened());
      const cached = cachedTokens(tokens, () => now);
      expect([await cached.any(), await cached.find(hashToken('text'))]).toEqual([false, undefined]);
      const { id } = await tokens.create({ scopes: ['read'], requireIdentity: false }, 'text', OPERATOR);
      expect(await cached.find(hashToken('text'))).toMatchObject({ id });
      await tokens.revoke(id, OPERATOR);
      expect(await cached.find(hashToken('text'))).toMatchObject({ id });
      now += TOKEN_MEMORY;
      expect([await cached.find(hashToken('text')), await cached.any()]).toEqual([undefined, false]);
    });
  });

  describe('kept answers', () => {
    const request = { scope: '["t1","ops","key"]', requestHash: 'hash', patience: 60_000 };
    const answer = { status: 200, body: '{"a":1}' };

    given('a key is held by the first, and answers with what was kept', async () => {
      const kept = createKeptAnswers(await opened(), () => now);
      expect(await kept.claim(request)).toEqual({ kind: 'new' });
      expect(await kept.claim(request)).toEqual({ kind: 'busy' });
      expect(await kept.claim({ ...request, requestHash: 'other' })).toEqual({ kind: 'other' });
      await kept.keep(request, answer);
      expect(await kept.claim(request)).toEqual({ kind: 'answered', answer });
      expect(await kept.claim({ ...request, requestHash: 'other' })).toEqual({ kind: 'other' });
      expect(await kept.claim({ ...request, scope: '["t2","ops","key"]' })).toEqual({ kind: 'new' });
    });

    given('a key is free again when it is released, when its process is lost, and when it is old', async () => {
      const kept = createKeptAnswers(await opened(), () => now);
      await kept.claim(request);
      await kept.release(request);
      expect(await kept.claim(request)).toEqual({ kind: 'new' });
      now += request.patience;
      expect(await kept.claim(request)).toEqual({ kind: 'new' });
      expect(await kept.claim(request)).toEqual({ kind: 'busy' });
      await kept.keep(request, answer);
      await kept.release(request);
      expect(await kept.claim(request)).toEqual({ kind: 'answered', answer });
      await kept.forget(now + 1);
      expect(await kept.claim(request)).toEqual({ kind: 'new' });
    });

    given('of many that come at once one holds the key, also over two replicas', async () => {
      const place = await fresh();
      const first = await opened(place);
      // Two connections of one process to one SQLite file would wait for each other for ever: replicas share a PostgreSQL.
      const second = engine === 'postgres' ? await opened(place) : first;
      const stores = [first, second].map((database) => createKeptAnswers(database, () => now));
      const states = await Promise.all(
        Array.from({ length: 20 }, (_, index) => (stores[index % 2] as (typeof stores)[0]).claim(request)),
      );
      expect(states.map(({ kind }) => kind).sort()).toEqual([...Array<string>(19).fill('busy'), 'new']);
    });
  });

  describe('health', () => {
    given('a store that takes writes has none of them left; one that is closed says so', async () => {
      const database = await opened();
      const health = createStoreHealth(database, { now: () => now, instance: 'me', diskFree: () => 1e9 });
      expect(await health.check()).toBeUndefined();
      expect(await database.db.selectFrom('leases').selectAll().execute()).toEqual([]);
      const full = createStoreHealth(database, { now: () => now, instance: 'me', diskFree: () => 1000 });
      expect(await full.check()).toBe(
        engine === 'sqlite' ? 'The disk of the database has less than 1 MiB left.' : undefined,
      );
      await database.close();
      open.length = 0;
      expect(await health.check()).toBeUndefined(); // asked again within a second
      now += 1000;
      expect(await health.check()).toMatch(/\w\.$/);
    });
  });
});

const givenPostgres = binaries === undefined ? test.skip : test;

givenPostgres(
  'a PostgreSQL that goes and comes back: unhealthy meanwhile, in one sentence without its password',
  async () => {
    const server = await startPostgres(binaries as string);
    let now = START;
    const database = await openStore({ dataFolder: folder, url: await server.createDatabase() });
    try {
      const health = createStoreHealth(database, { now: () => now, instance: 'me', diskFree: () => 1e9 });
      const later = () => ((now += 1000), health.check());
      expect(await health.check()).toBeUndefined();
      await server.kill();
      expect(await later()).toMatch(/^The database does not answer/);
      await server.start();
      let state = await later();
      while (state !== undefined) state = await later();
    } finally {
      await database.close();
      await server.stop();
    }
  },
);

test('a database that does not answer at the start is waited for as long as asked, then named without its password', async () => {
  const told: string[] = [];
  const url = 'postgres://plumbline:hunter2@127.0.0.1:1/plumbline';
  const starting = openStore({ dataFolder: folder, url, patience: 600, onWait: (why) => void told.push(why) });
  await expect(starting).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.not.stringContaining('hunter2'),
  });
  expect(told).toEqual(['The database does not answer.']);
});

test('a data folder that cannot be written is named', async () => {
  await expect(openStore({ dataFolder: '/dev/null/plumbline' })).rejects.toMatchObject({
    code: 'invalid_configuration',
    message: expect.stringContaining('data: "/dev/null/plumbline"'),
  });
});

describe('tokens of the environment', () => {
  const find = (text: string, token: string) => environmentTokens(text).find(hashToken(token));

  test('have scopes and may require an identity; what comes first is theirs', async () => {
    const text = 'operate+ingest:first, read+identity:se:cond ,';
    expect(await find(text, 'first')).toEqual({
      ...{ id: 'env-1', name: 'environment 1 (operate+ingest)', scopes: ['operate', 'ingest'], requireIdentity: false },
    });
    expect(await find(text, 'se:cond')).toMatchObject({ id: 'env-2', scopes: ['read'], requireIdentity: true });
    expect(await find(text, 'third')).toBeUndefined();
    expect([await environmentTokens(text).any(), await environmentTokens(undefined).any()]).toEqual([true, false]);
  });

  test.each([
    ['no colon', 'secret'],
    ['no scopes', ':secret'],
    ['no token', 'read:'],
    ['an unknown scope', 'read+write:secret'],
    ['identity alone', 'identity:secret'],
    ['one token twice', 'read:secret,operate:secret'],
  ])('%s is refused without showing the token', (_name, text) => {
    expect(() => environmentTokens(text)).toThrow(
      expect.objectContaining({ code: 'invalid_configuration', message: expect.not.stringContaining('secret') }),
    );
  });

  test('stand beside those of the database', async () => {
    const both = combinedTokens(environmentTokens('read:a'), environmentTokens('operate:b'));
    expect(await both.find(hashToken('b'))).toMatchObject({ scopes: ['operate'] });
    expect(await combinedTokens(environmentTokens(''), environmentTokens('')).any()).toBe(false);
  });
});
