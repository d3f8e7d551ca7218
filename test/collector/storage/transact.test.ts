/** A database that is away: said so, nothing half done, and all goes on when it is back. */
import { join } from 'node:path';
import { sql } from 'kysely';
import { createLocalArtifacts } from '../../../collector/src/storage/artifacts/local-artifacts.ts';
import { migrate } from '../../../collector/src/storage/migrate.ts';
import { databaseError } from '../../../collector/src/storage/transact.ts';
import { verifyStore } from '../../../collector/src/storage/verify/verify-store.ts';
import { useEngines } from '../../support/engines.ts';
import { ACT, control, GOOD } from '../registry/support/control.ts';

const engines = useEngines();

test.each<[what: string, error: object]>([
  ['a refused connection', { code: 'ECONNREFUSED' }],
  ['a server that is stopping', { code: '57P01' }],
  ['a server that is starting', { code: '57P03' }],
  ['a full disk under PostgreSQL', { code: '53100' }],
  ['a pool that waited in vain', new Error('timeout exceeded when trying to connect')],
  ['a connection that broke', new Error('Connection terminated unexpectedly')],
  ['a full disk under SQLite', { code: 'ERR_SQLITE_ERROR', errcode: 13 }],
  ['a database another process holds', { code: 'ERR_SQLITE_ERROR', errcode: 5 }],
  ['a disk that fails to sync', { code: 'ERR_SQLITE_ERROR', errcode: 10 | (4 << 8) }],
])('%s is unavailable', (_what, error) => {
  expect(databaseError(error)).toMatchObject({ code: 'unavailable', status: 503, cause: error });
});

test.each([
  [{ code: '23505' }],
  [{ code: 'ERR_SQLITE_ERROR', errcode: 2067 }],
  [new TypeError('a defect')],
  [undefined],
])('%p is not', (error) => {
  expect(databaseError(error)).toBe(error);
});

test('a transaction that SQLite ended by itself, since there was no room, is told as what it was', async () => {
  const database = await engines.database('sqlite');
  const { db } = database;
  // A limit on the file stands for the end of the disk.
  const { rows } = await sql<{ page_count: number }>`pragma page_count`.execute(db);
  await sql`pragma max_page_count = ${sql.lit(rows[0]?.page_count ?? 0)}`.execute(db);
  const service = control(database, await createLocalArtifacts(join(engines.folder, 'full')));
  const declare = () => service.registry.declare('churn', { description: 'x'.repeat(4_000) }, ACT);
  await expect(declare()).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('full') });
  await sql`pragma max_page_count = 1000000`.execute(db);
  expect(await declare()).toMatchObject({ model: 'churn' });
});

engines.testOn('postgres')('PostgreSQL killed and started again', async () => {
  const place = await engines.place('postgres');
  const database = engines.open(place);
  await migrate(database);
  const artifacts = await createLocalArtifacts(join(engines.folder, 'away'));
  const service = control(database, artifacts);
  service.state.live = GOOD;
  await service.save();
  await engines.postgres().kill();
  for (const attempt of [
    () => service.save(),
    () => service.move('1', 'staging'),
    () => service.registry.version('churn', '1'),
    () => service.audit.list({ limit: 1 }),
    () => verifyStore({ database, artifacts }),
  ])
    await expect(attempt()).rejects.toMatchObject({ code: 'unavailable' });
  await engines.postgres().start();
  expect((await service.save()).version).toBe('2');
  expect(await service.move('1', 'staging')).toMatchObject({ stage: 'staging' });
  const report = await verifyStore({ database, artifacts });
  // The artifact of the save that found no database waits for the sweep.
  expect(report).toMatchObject({ sound: true, versions: { checked: 2 }, audit: { entries: 3 } });
  expect(report.orphans).toHaveLength(1);
});
