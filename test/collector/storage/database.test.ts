/** Opening and migrating, on both engines. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { openDatabase, type Database } from '../../../collector/src/storage/database.ts';
import { migrate } from '../../../collector/src/storage/migrate.ts';
import { findPostgres, POSTGRES_MISSING, startPostgres, type Postgres } from '../../support/postgres.ts';

const folder = mkdtempSync(join(tmpdir(), 'plumbline-database-'));
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

const engines = ['sqlite', 'postgres'] as const;
const open = async (engine: (typeof engines)[number], name: string): Promise<Database> =>
  openDatabase({
    dataFolder: join(folder, name),
    ...(engine === 'postgres' && { url: await (postgres as Postgres).createDatabase() }),
  });

describe.each(engines)('%s', (engine) => {
  const given = engine === 'postgres' && binaries === undefined ? test.skip : test;
  const model = { name: 'churn', registered: 1, declaration: '{}', policy: null, created_at: 1_700_000_000_000 };
  const version = {
    ...{ registered: 1, stage: 'production', description: '', origin: null, digest: null, reference: null },
    ...{ artifact: null, reference_digest: null, deleted_at: null },
    ...{ tags: '{}', files: '[]', metrics: '{}', created_at: 1 },
  };

  given('migrates once, whoever asks how often; a bigint is a number', async () => {
    const database = await open(engine, 'twice');
    await migrate(database);
    await migrate(database);
    await database.db
      .insertInto('models')
      .values({ ...model, policy_revision: 0 })
      .execute();
    const rows = await database.db.selectFrom('models').selectAll().execute();
    expect(rows.map((row) => ({ ...row }))).toEqual([{ id: 1, policy_revision: 0, last_number: 0, ...model }]);
    await database.close();
  });

  given('refuses a second version in production of the same model', async () => {
    const database = await open(engine, 'production');
    await migrate(database);
    await database.db
      .insertInto('models')
      .values({ ...model, policy_revision: 0 })
      .execute();
    await database.db
      .insertInto('versions')
      .values({ ...version, model_id: 1, name: '1' })
      .execute();
    await expect(
      database.db
        .insertInto('versions')
        .values({ ...version, model_id: 1, name: '2' })
        .execute(),
    ).rejects.toThrow(/unique/i);
    await database.close();
  });

  given('what fails in a transaction leaves nothing', async () => {
    const database = await open(engine, 'rollback');
    await migrate(database);
    const failing = database.db.transaction().execute(async (writing) => {
      await writing
        .insertInto('models')
        .values({ ...model, policy_revision: 0 })
        .execute();
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await database.db.selectFrom('models').selectAll().execute()).toEqual([]);
    await database.close();
  });

  given('a database of a newer Plumbline is refused', async () => {
    const database = await open(engine, 'newer');
    await migrate(database);
    await sql`update kysely_migration set name = '9999-from-the-future' where name = '0003-access'`.execute(
      database.db,
    );
    await expect(migrate(database)).rejects.toMatchObject({ code: 'migration_failed' });
    await database.close();
  });
});
