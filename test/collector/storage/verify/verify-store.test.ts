/** `plumbline verify` finds what was changed behind the service's back, on both engines, and nothing where nothing was. */
import { chmodSync, cpSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { notSound, verifyText } from '../../../../collector/src/demo/verify-text.ts';
import type { ArtifactStore } from '../../../../collector/src/registry/artifact-store.ts';
import { createLocalArtifacts } from '../../../../collector/src/storage/artifacts/local-artifacts.ts';
import { openDatabase, type Database } from '../../../../collector/src/storage/database.ts';
import { migrate } from '../../../../collector/src/storage/migrate.ts';
import { verifyStore, type VerifyReport } from '../../../../collector/src/storage/verify/verify-store.ts';
import { ENGINES, useEngines } from '../../../support/engines.ts';
import { ACT, control, GOOD, type Control } from '../../registry/support/control.ts';

const engines = useEngines();

describe.each(ENGINES)('%s', (engine) => {
  const given = engines.testOn(engine);
  let database: Database;
  let artifacts: ArtifactStore;
  let folder: string;
  let service: Control;
  let made = 0;
  beforeAll(async () => {
    if (given === test.skip) return;
    database = openDatabase(await engines.place(engine));
    await migrate(database);
    folder = join(engines.folder, `verify-${engine}`);
    artifacts = await createLocalArtifacts(folder);
    service = control(database, artifacts);
    service.state.live = GOOD;
    for (const version of ['1', '2', '3']) await service.save({ version }, { 'model.bin': version, 'b.txt': 'b' });
    for (const version of ['1', '2'])
      for (const to of ['staging', 'production'] as const) await service.move(version, to);
    await service.registry.remove('churn', '3', ACT);
    await service.lifecycle.rollback('churn', { to: '1', reason: 'slow' }, ACT);
  });
  afterAll(() => database?.close());
  /** Entries: 3 saved, 1 staged and promoted, 2 staged, 1 deprecated and 2 promoted, 3 deleted, 2 deprecated and 1 rolled back. */
  const ENTRIES = 11;

  const verify = (of: Partial<{ database: Database; artifacts: ArtifactStore }> = {}) =>
    verifyStore({ database, artifacts, ...of });
  /** The report on a database changed by somebody with its owner's rights; the change is taken back again. */
  const tampered = async (...statements: string[]): Promise<VerifyReport> => {
    const triggers = engine === 'sqlite' ? ['audit_no_update', 'audit_no_delete'] : ['audit_append_only'];
    const enough = new Error('seen');
    let report: VerifyReport | undefined;
    const changing = database.db.transaction().execute(async (writing) => {
      for (const name of triggers)
        await sql.raw(`drop trigger ${name}${engine === 'postgres' ? ' on audit' : ''}`).execute(writing);
      for (const statement of statements) await sql.raw(statement).execute(writing);
      report = await verify({ database: { ...database, db: writing } });
      throw enough;
    });
    await expect(changing).rejects.toBe(enough);
    return report as unknown as VerifyReport;
  };
  /** A copy of the artifacts, and where those of a version are in it. */
  const copied = async (version: string) => {
    const copy = join(engines.folder, `copy-${engine}-${++made}`);
    cpSync(folder, copy, { recursive: true });
    const stored = await service.store.version('churn', version);
    return { copy, store: await createLocalArtifacts(copy), path: join(copy, stored?.artifact as string) };
  };
  const problemsOf = ({ audit, versions }: VerifyReport) => [
    ...audit.problems.map(({ seq, problem }) => `${seq}: ${problem}`),
    ...versions.problems.map(({ version, problem }) => `${version}: ${problem}`),
  ];

  given('a store nobody touched is sound; the head is that of the log', async () => {
    const report = await verify();
    expect(report).toEqual({
      sound: true,
      database: { engine, problems: [] },
      audit: { entries: ENTRIES, head: await service.audit.head(), problems: [] },
      versions: { checked: 2, files: 4, bytes: 4, problems: [] },
      orphans: [],
    });
    const text = verifyText(report);
    expect(text).toContain(`audit log  ${ENTRIES} entries: sound`);
    expect(text).toContain(report.audit.head.hash);
  });

  given.each<[what: string, statement: string, problem: RegExp]>([
    ['an entry that was changed', `update audit set reason = 'another' where seq = 9`, /^9: .*changed or moved/],
    ['an actor who was changed', `update audit set actor = '{"name":"eve"}' where seq = 2`, /^2: /],
    ['a text that is no JSON any more', `update audit set evidence = '{' where seq = 4`, /^4: /],
    ['an entry that is gone', 'delete from audit where seq = 5', /^5: Entry 5 is missing/],
    ['the first entry gone', 'delete from audit where seq = 1', /^1: Entry 1 is missing/],
    ['entries cut off the end', 'delete from audit where seq > 9', /^10: Entries 10 to 11 are missing/],
    ['a record of the end that is gone', 'delete from audit_head', /^11: .*last entry is missing/],
    ['another end', `update audit_head set hash = 'x'`, /^11: The last entry is not the one/],
    ['a stage set by hand', `update versions set stage = 'staging' where name = '2'`, /^2: It is in staging/],
    ['a digest set by hand', `update versions set digest = 'x' where name = '1'`, /^1: Its digest is not the one/],
    ['files struck off', `update versions set files = '[]' where name = '1'`, /^1: .*list of files/],
    ['a version that is gone', `update versions set registered = 0 where name = '2'`, /^2: The audit log has it/],
    ['a move that is gone', 'delete from transitions where id = 6', /^2: .*its last move says otherwise/],
  ])('%s is found', async (_what, statement, problem) => {
    const report = await tampered(statement);
    expect(report.sound).toBe(false);
    expect(problemsOf(report)).toEqual(expect.arrayContaining([expect.stringMatching(problem)]));
    expect(notSound(report)).toMatchObject({ code: 'not_sound', exitCode: 1 });
  });

  given('two entries that changed places are found', async () => {
    const report = await tampered(
      'update audit set seq = 100 where seq = 4',
      'update audit set seq = 4 where seq = 5',
      'update audit set seq = 5 where seq = 100',
    );
    expect(problemsOf(report).filter((problem) => /^[456]:/.test(problem))).not.toEqual([]);
  });

  given.each<[what: string, harm: (path: string) => void, problem: RegExp]>([
    ['changed', (path) => writeFileSync(join(path, 'b.txt'), 'x'), /"b.txt".*SHA-256 differs/],
    ['longer', (path) => writeFileSync(join(path, 'b.txt'), 'bb'), /"b.txt".*longer/],
    ['cut off', (path) => writeFileSync(join(path, 'b.txt'), ''), /"b.txt".*has 0 of the 1 bytes/],
    ['gone', (path) => rmSync(join(path, 'b.txt')), /"b.txt" is missing/],
    ['one too many', (path) => writeFileSync(join(path, 'c.txt'), ''), /"c.txt".*was not saved with the version/],
    ['gone with its folder', (path) => renameSync(path, `${path}-away`), /is missing/],
  ])('a file that is %s is found', async (_what, harm, problem) => {
    const { path, store } = await copied('2');
    for (const name of readdirSync(path)) chmodSync(join(path, name), 0o640);
    harm(path);
    const report = await verify({ artifacts: store });
    expect(report.sound).toBe(false);
    expect(problemsOf(report)).toEqual([expect.stringMatching(problem)]);
  });

  given('what a crash left is told, and is no defect', async () => {
    const { copy, store } = await copied('2');
    mkdirSync(join(copy, '.staging', 'half'));
    mkdirSync(join(copy, 'whole'));
    const report = await verify({ artifacts: store });
    expect(report).toMatchObject({ sound: true, orphans: ['half', 'whole'] });
    expect(verifyText(report)).toContain('2 artifacts of saves that never ended');
  });

  given('a service that goes on meanwhile disturbs nothing', async () => {
    service.state.live = GOOD;
    const working = (async () => {
      for (let round = 0; round < 15; round++) {
        const { version } = await service.save({}, { 'model.bin': 'x' });
        await service.move(version, 'staging');
        await service.move(version, 'production');
        if (round > 1) await service.registry.remove('churn', String(Number(version) - 2), ACT).catch(() => {});
      }
    })();
    const reports: VerifyReport[] = [];
    for (let look = 0; look < 5; look++) reports.push(await verify());
    await working;
    reports.push(await verify());
    expect(reports.flatMap(problemsOf)).toEqual([]);
  });
});

test('a database that is away is told so, not called unsound', async () => {
  const away = engines.open({ dataFolder: engines.folder, url: 'postgres://plumbline@127.0.0.1:1/none' });
  const artifacts = await createLocalArtifacts(join(engines.folder, 'verify-away'));
  await expect(verifyStore({ database: away, artifacts })).rejects.toMatchObject({ code: 'unavailable' });
});
