/** The service as its users meet it, on both engines: predictions, late labels, versions, gates, rollback, audit, a restart. */
import { gzipSync } from 'node:zlib';
import { endChildren, plumbline, temporaryFolder } from '../collector/cli/support/plumbline.ts';
import { findPostgres, POSTGRES_MISSING, startPostgres, type Postgres } from '../support/postgres.ts';
import { makeToken, startCollector, type Answer, type Collector } from './support/collector.ts';

const folder = temporaryFolder();
const binaries = findPostgres();
let postgres: Postgres | undefined;
if (binaries === undefined) process.stderr.write(`${POSTGRES_MISSING}\n`);
beforeAll(async () => {
  if (binaries !== undefined) postgres = await startPostgres(binaries);
});
afterAll(async () => {
  await endChildren();
  await postgres?.stop();
  folder.remove();
});

const ROWS = 1_200;
/** Version 1 is wrong in one row of 20, version 2 in one of 5, spread evenly: stability is 1 and accuracy exact. */
const WRONG_EVERY = { '1': 20, '2': 5 } as const;

const prediction = (version: keyof typeof WRONG_EVERY, row: number) => ({
  ...{ model: 'churn', version, id: `${version}-${row}`, prediction: row % 2 === 0 ? 'yes' : 'no', score: 0.7 },
  features: { age: 20 + (row % 50), plan: row % 3 === 0 ? 'gold' : 'basic' },
});
const label = (version: keyof typeof WRONG_EVERY, row: number) => {
  const right = row % 2 === 0 ? 'yes' : 'no';
  const other = row % 2 === 0 ? 'no' : 'yes';
  return { model: 'churn', id: `${version}-${row}`, label: row % WRONG_EVERY[version] === 0 ? other : right };
};
const rows = <Row>(make: (row: number) => Row) => Array.from({ length: ROWS }, (_, row) => make(row));

function upload(fields: Readonly<Record<string, string>>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('files', new Blob(['weights']), 'model/weights.bin');
  return form;
}

describe.each(['sqlite', 'postgres'] as const)('%s', (engine) => {
  const given = engine === 'postgres' && binaries === undefined ? test.skip : test;
  let on: Collector;
  let env: NodeJS.ProcessEnv;
  let tokens: Readonly<Record<'ingest' | 'read' | 'operate' | 'admin', string>>;
  const as = (token: keyof typeof tokens) => ({ token: tokens[token] });
  let promoted: string;

  async function send(version: keyof typeof WRONG_EVERY): Promise<Answer[]> {
    const lines = rows((row) => JSON.stringify(prediction(version, row))).join('\n');
    const headers = { 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' };
    return [
      await on.call('POST', '/v1/predictions', gzipSync(lines), { ...as('ingest'), headers }),
      await on.call(
        'POST',
        '/v1/labels',
        rows((row) => label(version, row)),
        as('ingest'),
      ),
    ];
  }
  const move = (version: string, to: string, more: object = {}, token: keyof typeof tokens = 'operate') =>
    on.call(
      'POST',
      `/v1/models/churn/versions/${version}/transition`,
      { to, reason: 'as planned', ...more },
      as(token),
    );

  given('starts with tokens that an operator made on the command line', async () => {
    env = {
      PLUMBLINE_DATA: folder.path(engine),
      ...(engine === 'postgres' && { DATABASE_URL: await (postgres as Postgres).createDatabase() }),
    };
    const make = (scope: string) => makeToken(['--scope', scope, '--name', `journey ${scope}`], env);
    tokens = {
      ingest: await make('ingest'),
      read: await make('read'),
      operate: await make('operate'),
      admin: await make('admin'),
    };
    on = await startCollector(env);
    expect((await on.call('GET', '/readyz')).status).toBe(200);
    expect((await on.call('GET', '/v1/models')).status).toBe(401);
    expect((await on.call('POST', '/v1/predictions', prediction('1', 0), as('read'))).status).toBe(403);
  });

  given('a version is saved with its files, predicts, and gets its labels', async () => {
    const saved = await on.call('POST', '/v1/models/churn/versions', upload({ version: '1' }), as('operate'));
    expect([saved.status, saved.body]).toMatchObject([201, { version: '1', stage: 'development', origin: 'upload' }]);
    const [predictions, labels] = await send('1');
    expect(predictions).toMatchObject({ status: 200, body: { accepted: ROWS, rejected: [] } });
    expect(labels).toMatchObject({ status: 200, body: { accepted: ROWS, rejected: [] } });
  });

  given('what is sent twice counts once; performance is exact', async () => {
    await send('1');
    const { body } = await on.call('GET', '/v1/models/churn/performance?version=1', undefined, as('read'));
    expect(body).toMatchObject({
      ...{ model: 'churn', version: '1', predictions: ROWS, labeled: ROWS, coverage: 1, pending: 0 },
      metrics: { accuracy: { value: 0.95, n: ROWS, low: expect.any(Number), high: expect.any(Number) } },
      // Wrong are the rows that 20 divides, which are even ones.
      confusion: { yes: { yes: 540 }, no: { no: 600, yes: 60 } },
    });
    const distribution = await on.call('GET', '/v1/models/churn/distribution?version=1', undefined, as('read'));
    expect(distribution.body).toMatchObject({
      n: ROWS,
      classes: expect.arrayContaining([expect.objectContaining({ class: 'yes', share: 0.5 })]),
    });
    const drift = await on.call('GET', '/v1/models/churn/drift?version=1', undefined, as('read'));
    expect(drift.body).toMatchObject({ model: 'churn', version: '1', verdict: 'insufficient_data' });
  });

  given('it passes the gates on live evidence, stage by stage', async () => {
    expect((await move('1', 'production')).body).toMatchObject({ code: 'transition_not_allowed' });
    expect(await move('1', 'staging')).toMatchObject({ status: 200, body: { stage: 'staging' } });
    const gates = await on.call('GET', '/v1/models/churn/versions/1/gates?to=production', undefined, as('read'));
    expect(gates.body).toMatchObject({
      met: true,
      gates: [
        { metric: 'accuracy', need: 0.9, value: 0.95, n: ROWS, met: true, source: 'live' },
        { metric: 'stability', need: 0.95, value: expect.closeTo(1), met: true },
      ],
    });
    expect(await move('1', 'production')).toMatchObject({ status: 200, body: { stage: 'production' } });
    promoted = new Date().toISOString();
  });

  given(
    'a worse one is refused with the gate, its need and its value, and may only be forced by an admin',
    async () => {
      const metrics = { metrics: '{"accuracy":0.99,"n":5000}' };
      await on.call('POST', '/v1/models/churn/versions', upload({ version: '2', ...metrics }), as('operate'));
      await send('2');
      expect(await move('2', 'staging')).toMatchObject({
        status: 409,
        body: { code: 'gate_not_met', gates: [{ metric: 'accuracy', need: 0.85, value: 0.8, n: ROWS, met: false }] },
      });
      expect((await move('2', 'staging', { override: true })).status).toBe(403);
      expect((await move('2', 'staging', { override: true }, 'admin')).status).toBe(200);
      expect((await move('2', 'production', { override: true }, 'admin')).body).toMatchObject({ stage: 'production' });
      const former = await on.call('GET', '/v1/models/churn/versions/1', undefined, as('read'));
      expect(former.body).toMatchObject({ stage: 'deprecated' });
    },
  );

  given(
    'is rolled back once, however often the request is repeated; who was live when, and why, is one request',
    async () => {
      const headers = { 'idempotency-key': 'rollback-1' };
      const back = () =>
        on.call(
          'POST',
          '/v1/models/churn/rollback',
          { to: '1', reason: 'wrong too often' },
          { ...as('operate'), headers },
        );
      const [first, second] = [await back(), await back()];
      expect([first.status, second.status, second.headers.get('idempotency-replayed')]).toEqual([200, 200, 'true']);
      expect(second.body).toEqual(first.body);
      const live = (at = '') => on.call('GET', `/v1/models/churn/live${at}`, undefined, as('read'));
      expect((await live()).body).toMatchObject({
        ...{ version: '1', until: null },
        transition: {
          kind: 'rolled_back',
          reason: 'wrong too often',
          actor: { name: 'journey operate', verified: false },
        },
      });
      expect((await live(`?at=${promoted}`)).body).toMatchObject({ version: '1', transition: { kind: 'promoted' } });
      expect((await live('?at=0')).body).toMatchObject({ version: null });
    },
  );

  given('the files come back as they were', async () => {
    const target = folder.path(`${engine}-files`);
    const collector = ['--collector', on.url, '--token', tokens.read];
    for (const place of [collector, []]) {
      const args = ['materialise', '--model', 'churn', '--stage', 'production', '--to', target, ...place, '--json'];
      const { code, stdout, stderr } = await plumbline(args, env);
      expect([code, stderr]).toEqual([0, '']);
      expect(JSON.parse(stdout)).toMatchObject({ version: '1', files: 1, bytes: 7, written: place.length > 0 });
    }
  });

  given('all of it is in the audit log, and what is stored is sound', async () => {
    const { body } = await on.call('GET', '/v1/audit?model=churn&limit=20', undefined, as('read'));
    const { items } = body as unknown as { items: { action: string; actor: { name: string } }[] };
    expect(items.map(({ action }) => action)).toEqual([
      // A version that enters production takes the former one out, which is an act of its own.
      ...[
        'version.rolled_back',
        'version.deprecated',
        'version.overridden',
        'version.deprecated',
        'version.overridden',
      ],
      ...['transition.refused', 'version.saved', 'version.promoted', 'version.promoted', 'version.saved'],
    ]);
    const verified = await plumbline(['verify', '--json'], env);
    expect([verified.code, JSON.parse(verified.stdout)]).toMatchObject([0, { sound: true }]);
  });

  given('after a kill everything acknowledged is there, and late labels still join', async () => {
    await on.call('POST', '/v1/predictions', { ...prediction('1', 0), id: 'late' }, as('ingest'));
    on.process.child.kill('SIGKILL');
    await on.process.ended;
    on = await startCollector(env);
    expect(
      (await on.call('POST', '/v1/labels', { model: 'churn', id: 'late', label: 'yes' }, as('ingest'))).status,
    ).toBe(200);
    const { body } = await on.call('GET', '/v1/models/churn/performance?version=1', undefined, as('read'));
    expect(body).toMatchObject({ predictions: ROWS + 1, labeled: ROWS + 1 });
    expect((await on.call('GET', '/v1/models/churn', undefined, as('read'))).body).toMatchObject({ production: '1' });
  });

  given('a token that is revoked stops working, and a signal ends the service cleanly', async () => {
    const listed = JSON.parse((await plumbline(['token', 'list', '--json'], env)).stdout) as {
      id: string;
      name: string;
    }[];
    const { id } = listed.find(({ name }) => name === 'journey read') as { id: string };
    expect(await plumbline(['token', 'revoke', id], env)).toMatchObject({ code: 0, stderr: '' });
    for (let status = 200; status !== 401;) ({ status } = await on.call('GET', '/v1/models', undefined, as('read')));
    on.process.child.kill('SIGTERM');
    expect(await on.process.ended).toMatchObject({ code: 0, stderr: '' });
  });
});
