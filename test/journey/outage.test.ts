/**
 * What the service stands on goes away and comes back: the disk is full, PostgreSQL is stopped, killed in the middle of a statement, or no
 * longer answers at all. Over HTTP, in a process of its own: clear 503s, nothing acknowledged lost, nothing half saved, no restart.
 */
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { endChildren, plumbline, temporaryFolder } from '../collector/cli/support/plumbline.ts';
import { findPostgres, POSTGRES_MISSING, startPostgres, type Postgres } from '../support/postgres.ts';
import { mountSmallDisk, NO_SMALL_DISK, type SmallDisk } from '../support/small-disk.ts';
import { startCollector, type Answer, type Collector } from './support/collector.ts';
import { startSilentProxy, type SilentProxy } from './support/silent-proxy.ts';

const BATCH = 500;
const batch = (number: number) =>
  Array.from({ length: BATCH }, (_, row) => ({
    ...{ model: 'churn', version: '1', id: `p${number}-${row}`, prediction: row % 2 === 0 ? 'yes' : 'no' },
    features: { note: 'x'.repeat(200) },
  }));
const labels = (number: number) =>
  Array.from({ length: BATCH }, (_, row) => ({ model: 'churn', id: `p${number}-${row}`, label: 'yes' }));

function upload(version: string, bytes: number): FormData {
  const form = new FormData();
  form.append('version', version);
  form.append('files', new Blob([new Uint8Array(bytes)]), 'model/weights.bin');
  return form;
}

const MIB = 2 ** 20;
const UNAVAILABLE = { status: 503, body: { code: 'unavailable', help: expect.stringMatching(/\w/) } };

/** A refusal tells when to come again. */
function expectUnavailable(answer: Answer): void {
  expect(answer).toMatchObject(UNAVAILABLE);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
}

async function untilReady({ call }: Collector): Promise<void> {
  while ((await call('GET', '/readyz')).status !== 200);
}

const counts = async ({ call }: Collector) => {
  const { body } = await call('GET', '/v1/models/churn/performance?version=1');
  return { predictions: body['predictions'], labeled: body['labeled'] };
};

const disk = mountSmallDisk(24);
if (disk === undefined) process.stderr.write(`${NO_SMALL_DISK}\n`);
afterEach(endChildren);
// Of the whole file: hooks of a block whose tests are all passed over are not called.
afterAll(() => disk?.remove());

describe('a full disk', () => {
  (disk === undefined ? test.skip : test)(
    'rows and versions are refused whole; with room again both are taken',
    async () => {
      const { folder } = disk as SmallDisk;
      const ballast = join(folder, 'ballast');
      writeFileSync(ballast, new Uint8Array(14 * MIB));
      const env = { PLUMBLINE_DATA: join(folder, 'data') };
      const on = await startCollector(env);
      expect((await on.call('POST', '/v1/models/churn/versions', upload('1', 1_000))).status).toBe(201);

      // A file that is larger than what is left: it is refused while it is written, with room for rows still there.
      expectUnavailable(await on.call('POST', '/v1/models/churn/versions', upload('2', 12 * MIB)));
      let sent = 0;
      let refused: Answer | undefined;
      for (; refused === undefined; sent++) {
        const answer = await on.call('POST', '/v1/predictions', batch(sent));
        if (answer.status !== 200) refused = answer;
      }
      const taken = (sent - 1) * BATCH;
      expectUnavailable(refused);
      expect(taken).toBeGreaterThan(0);
      expect((await on.call('GET', '/readyz')).status).toBe(503);
      expect((await on.call('GET', '/livez')).status).toBe(200);

      // Nothing of what was refused is there, and what was acknowledged can be read.
      expectUnavailable(await on.call('POST', '/v1/models/churn/versions', upload('3', 2 * MIB)));
      const { body } = await on.call('GET', '/v1/models/churn/versions');
      expect((body['items'] as { version: string }[]).map(({ version }) => version)).toEqual(['1']);
      expect(readdirSync(join(folder, 'data/artifacts/.staging'))).toEqual([]);
      expect(readdirSync(join(folder, 'data/artifacts'))).toHaveLength(2);
      expect(await counts(on)).toEqual({ predictions: taken, labeled: 0 });

      rmSync(ballast);
      await untilReady(on);
      expect((await on.call('POST', '/v1/predictions', batch(sent - 1))).body).toMatchObject({ accepted: BATCH });
      expect((await on.call('POST', '/v1/labels', labels(0))).body).toMatchObject({ accepted: BATCH, rejected: [] });
      expect((await on.call('POST', '/v1/models/churn/versions', upload('2', 2 * MIB))).status).toBe(201);
      expect(await counts(on)).toEqual({ predictions: taken + BATCH, labeled: BATCH });

      on.process.child.kill('SIGKILL');
      await on.process.ended;
      expect(await plumbline(['verify'], env)).toMatchObject({ code: 0 });
      expect(await counts(await startCollector(env))).toEqual({ predictions: taken + BATCH, labeled: BATCH });
    },
    300_000,
  );
});

describe('PostgreSQL', () => {
  const binaries = findPostgres();
  if (binaries === undefined) process.stderr.write(`${POSTGRES_MISSING}\n`);
  const given = binaries === undefined ? test.skip : test;
  const folder = temporaryFolder();
  let postgres: Postgres;
  let proxy: SilentProxy | undefined;
  beforeAll(async () => {
    if (binaries !== undefined) postgres = await startPostgres(binaries);
  });
  afterEach(() => proxy?.close());
  afterAll(async () => {
    await postgres?.stop();
    folder.remove();
  });

  /** Every kind of request, each with what it is told while the database is away. */
  async function expectAllRefused({ call }: Collector): Promise<void> {
    const answers = await Promise.all([
      call('POST', '/v1/predictions', batch(9)),
      call('POST', '/v1/labels', labels(0)),
      call('GET', '/v1/models'),
      call('GET', '/v1/models/churn/performance?version=1'),
      call('PATCH', '/v1/models/churn/versions/1', { description: 'written down nowhere' }),
    ]);
    for (const answer of answers) expectUnavailable(answer);
    expect((await call('GET', '/readyz')).status).toBe(503);
    expect((await call('GET', '/livez')).status).toBe(200);
    expect((await call('GET', '/metrics')).status).toBe(200);
  }

  async function expectRecovery(on: Collector): Promise<void> {
    await untilReady(on);
    expect((await on.call('POST', '/v1/predictions', batch(9))).body).toMatchObject({ accepted: BATCH, rejected: [] });
    expect((await on.call('POST', '/v1/labels', labels(0))).body).toMatchObject({ accepted: BATCH, rejected: [] });
    expect(await counts(on)).toEqual({ predictions: 2 * BATCH, labeled: BATCH });
    expect((await on.call('GET', '/v1/models/churn/versions/1')).body).toMatchObject({ description: '' });
    expect(on.process.child.exitCode).toBeNull();
  }

  async function started(env: NodeJS.ProcessEnv): Promise<Collector> {
    const on = await startCollector({ PLUMBLINE_DATA: folder.path('data'), ...env });
    expect((await on.call('POST', '/v1/models/churn/versions', upload('1', 1_000))).status).toBe(201);
    expect((await on.call('POST', '/v1/predictions', batch(0))).body).toMatchObject({ accepted: BATCH });
    return on;
  }

  given('stopped and started', async () => {
    const on = await started({ DATABASE_URL: await postgres.createDatabase() });
    await postgres.kill();
    await expectAllRefused(on);
    await postgres.start();
    await expectRecovery(on);
  });

  given('killed while statements run', async () => {
    const url = await postgres.createDatabase();
    const on = await started({ DATABASE_URL: url });
    const other = new pg.Client({ connectionString: url });
    other.on('error', () => {});
    await other.connect();
    // Whoever writes waits for this one, until the server dies.
    await other.query('begin; lock table predictions, versions in access exclusive mode');
    const waiting = Promise.all([
      on.call('POST', '/v1/predictions', batch(1)),
      on.call('PATCH', '/v1/models/churn/versions/1', { description: 'written down nowhere' }),
    ]);
    const blocked = "select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock'";
    while (((await other.query<{ n: number }>(blocked)).rows[0]?.n ?? 0) < 2);
    await postgres.kill();
    for (const answer of await waiting) expectUnavailable(answer);
    await expectAllRefused(on);
    await postgres.start();
    await expectRecovery(on);
  });

  given(
    'unreachable, with connections that stay open and say nothing',
    async () => {
      const url = new URL(await postgres.createDatabase());
      proxy = await startSilentProxy(Number(url.port));
      url.port = String(proxy.port);
      // The limit is shorter than usual, so that the test is.
      const on = await started({ DATABASE_URL: `${url.href}?query_timeout=2000` });
      proxy.silence();
      await expectAllRefused(on);
      proxy.speak();
      await expectRecovery(on);
    },
    120_000,
  );
});
