/** Checkpoints in a thread of their own: the log stays short while commits go on, and a thread that fails costs nothing but that. */
import { rmSync, statSync } from 'node:fs';
import { startCheckpoints } from '../../../../collector/src/storage/checkpoint/checkpointer.ts';
import { copyLog } from '../../../../collector/src/storage/checkpoint/copy-log.ts';
import { openSqlite } from '../../../../collector/src/storage/sqlite.ts';
import type { Database } from '../../../../collector/src/storage/database.ts';
import { useEngines } from '../../../support/engines.ts';

const engines = useEngines();
const MIB = 2 ** 20;

/** Checkpoints that look when the test says so. */
function checkpoints({ db, engine }: Database, path?: string) {
  if (engine.name !== 'sqlite') throw new Error('SQLite alone has a log');
  const errors: unknown[] = [];
  let look = (): Promise<void> => Promise.resolve();
  const close = startCheckpoints({
    ...{ db, engine: { ...engine, path: path ?? engine.path }, onError: (error) => errors.push(error) },
    every: (_milliseconds, work) => {
      look = work;
      return () => {};
    },
  });
  const { sqlite } = engine;
  sqlite.exec('create table if not exists filler (text text)');
  const fill = (rows: number) =>
    sqlite
      .prepare(
        `insert into filler with recursive n (i) as (select 1 union all select i + 1 from n where i < ?) select printf('%.900c', 'x') from n`,
      )
      .run(rows);
  return { sqlite, errors, fill, look: () => look(), close, log: () => statSync(`${engine.path}-wal`).size };
}

test('the log begins anew after each checkpoint, and everything is in the database', async () => {
  const { fill, look, close, log, sqlite, errors } = checkpoints(await engines.database('sqlite'));
  fill(11_000);
  await look();
  const first = log();
  for (let round = 0; round < 5; round++) {
    fill(11_000);
    await look();
  }
  expect(first).toBeGreaterThan(8 * MIB);
  expect(log()).toBeLessThan(1.5 * first);
  expect(sqlite.prepare('select count(*) as n from filler').get()).toEqual({ n: 66_000 });
  expect([errors, copyLog(sqlite)]).toEqual([[], 'done']);
  await close();
});

test('few rows are left in the log', async () => {
  const { fill, look, close, log } = checkpoints(await engines.database('sqlite'));
  fill(4_000);
  await look();
  const before = log();
  fill(4_000);
  await look();
  expect(log()).toBeGreaterThan(1.5 * before);
  await close();
});

test('a reader that looks at an older state keeps its state, and the log its rows until it is done', async () => {
  const database = await engines.database('sqlite');
  const { fill, look, close, sqlite, errors } = checkpoints(database);
  if (database.engine.name !== 'sqlite') throw new Error('SQLite alone has a log');
  const reader = openSqlite(database.engine.path);
  const seen = () => reader.prepare('select count(*) as n from filler').get()?.['n'];
  reader.exec('begin');
  expect(seen()).toBe(0);
  fill(11_000);
  await look();
  expect([seen(), copyLog(sqlite)]).toEqual([0, 'left']);
  reader.exec('commit');
  expect([seen(), copyLog(sqlite), errors]).toEqual([11_000, 'done', []]);
  reader.close();
  await close();
});

test('a transaction of the writer that is open meanwhile is waited for', async () => {
  const database = await engines.database('sqlite');
  const { fill, look, close, sqlite, errors } = checkpoints(database);
  let looked: Promise<void> | undefined;
  await database.db.transaction().execute(async () => {
    fill(11_000);
    looked = look();
    // The thread has answered by then, or the log is copied without it: both end well.
    await new Promise((resolve) => setImmediate(resolve));
    fill(1);
  });
  await looked;
  expect([errors, copyLog(sqlite)]).toEqual([[], 'done']);
  await close();
});

test('a thread that cannot work is told of, starts anew, and holds nothing up', async () => {
  const database = await engines.database('sqlite');
  const nowhere = `${engines.folder}/nowhere/plumbline.db`;
  rmSync(`${engines.folder}/nowhere`, { recursive: true, force: true });
  const { fill, look, close, errors } = checkpoints(database, nowhere);
  for (const count of [1, 2]) {
    fill(11_000);
    await look();
    expect(errors).toHaveLength(count);
  }
  expect(errors[0]).toMatchObject({ message: expect.stringContaining('unable to open database file') });
  await close();
});
