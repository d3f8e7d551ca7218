/** `kill -9` at any moment of taking and reviewing: what was acknowledged is there, and every accepted item has its label and one entry. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ChainCheck } from '../../../collector/src/audit/chain.ts';
import { createAuditReader, entriesAfter } from '../../../collector/src/storage/audit-log.ts';
import type { Database, DatabaseOptions } from '../../../collector/src/storage/database.ts';
import { ENGINES, useEngines } from '../../support/engines.ts';

const CHILD = join(__dirname, 'support/reviewing-child.ts');
const KILLS = { sqlite: 8, postgres: 5 };
const engines = useEngines();

/** Kills a replica after so many lines. @returns what it said */
async function runAndKill({ dataFolder, url }: DatabaseOptions, run: number, lines: number): Promise<string[]> {
  const args = ['--disable-warning=ExperimentalWarning', CHILD, String.fromCharCode(97 + run), dataFolder];
  const child = spawn(process.execPath, [...args, ...(url === undefined ? [] : [url])], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stdout }))
    if (said.push(line) === lines) child.kill('SIGKILL');
  await ended;
  expect(said.length).toBeGreaterThanOrEqual(lines);
  return said;
}

async function lookAt(database: Database, said: readonly string[]): Promise<void> {
  const { db } = database;
  const items = await db
    .selectFrom('feedback')
    .leftJoin('labels', 'labels.seq', 'feedback.prediction_seq')
    .select(['key', 'status', 'feedback.label', 'labels.label as joined'])
    .execute();
  const known = new Map(items.map((item) => [item.key, item]));
  for (const line of said) {
    const [kind, ...ids] = line.split(' ');
    for (const id of ids) {
      expect([line, known.has(id)]).toEqual([line, true]);
      if (kind !== 'taken') expect([id, known.get(id)?.status]).toEqual([id, kind]);
    }
  }
  for (const { status, label, joined } of items)
    expect([label, joined]).toEqual(status === 'accepted' ? ['no', 'no'] : [null, null]);
  const chain = new ChainCheck();
  const reviewed: string[] = [];
  for (const entry of await entriesAfter(db, 0, 100_000)) {
    chain.next(entry);
    reviewed.push(entry.subject ?? '');
  }
  chain.finish(await createAuditReader(database).head());
  expect(chain.problems).toEqual([]);
  expect(new Set(reviewed).size).toBe(reviewed.length);
  expect(reviewed.toSorted()).toEqual(items.flatMap(({ key, status }) => (status === 'pending' ? [] : [key])).sort());
}

describe.each(ENGINES)('%s', (engine) => {
  engines.testOn(engine)(
    'killed while it reviews',
    async () => {
      const place = await engines.place(engine);
      const said: string[] = [];
      for (let run = 0; run < KILLS[engine]; run++) said.push(...(await runAndKill(place, run, 2 + ((run * 7) % 23))));
      await lookAt(engines.open(place), said);
      expect(said.filter((line) => line.startsWith('accepted')).length).toBeGreaterThan(20);
    },
    300_000,
  );
});
