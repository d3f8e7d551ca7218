/** Group commit: who shares a commit, who is told what, and how much waits. */
import { PlumblineError } from '../../../collector/src/errors.ts';
import { GroupCommit, type Batch } from '../../../collector/src/labels/group-commit.ts';
import type { IngestOutcome, IngestWork } from '../../../collector/src/labels/ingest-store.ts';

const batchOf = (...ids: string[]): Batch => ({
  predictions: ids.map((id) => ({ id })) as unknown as Batch['predictions'],
  labels: [],
});
const idsOf = ({ predictions }: IngestWork): string[] => predictions.map(({ id }) => id);

function made(commit: (work: IngestWork) => Promise<void> = () => Promise.resolve(), lanes = 1) {
  const commits: string[][] = [];
  const counted: string[][] = [];
  let now = 1_000;
  const group = new GroupCommit({
    commit: async (work): Promise<IngestOutcome> => {
      commits.push(idsOf(work));
      await commit(work);
      return {
        fates: idsOf(work).map((id) => (id.startsWith('old') ? 'duplicate' : 'stored')),
        events: [],
        unknown: [],
      };
    },
    ...{ lanes, firstStripe: 4, now: () => now-- },
    count: ({ work }) => Promise.resolve(void counted.push(idsOf(work))),
    pause: () => new Promise((resolve) => setImmediate(resolve)),
    explain: (error) => (error instanceof PlumblineError ? error : new PlumblineError('internal', 'bad row', '')),
  });
  return { group, commits, counted };
}

test('what arrives while a commit is under way shares the next one; each is told its own', async () => {
  let release = (): void => {};
  const first = new Promise<void>((resolve) => (release = resolve));
  const { group, commits, counted } = made((work) => (idsOf(work)[0] === 'a' ? first : Promise.resolve()));
  const a = group.submit(batchOf('a'));
  while (commits.length === 0) await new Promise((resolve) => setImmediate(resolve));
  const [b, c] = [group.submit(batchOf('b', 'old1')), group.submit(batchOf('old2'))];
  expect(group.waiting).toBe(4);
  release();
  expect(await Promise.all([a, b, c])).toEqual([
    { fates: ['stored'] },
    { fates: ['stored', 'duplicate'] },
    { fates: ['duplicate'] },
  ]);
  expect(commits).toEqual([['a'], ['b', 'old1', 'old2']]);
  expect(counted).toEqual(commits);
  expect(group.waiting).toBe(0);
});

test('a database that is away fails everybody in the commit, and nothing is counted', async () => {
  const away = new PlumblineError('unavailable', 'away', '');
  const { group, commits, counted } = made(() => Promise.reject(away));
  const results = await Promise.allSettled([group.submit(batchOf('a')), group.submit(batchOf('b'))]);
  expect(results.map((result) => result.status === 'rejected' && result.reason)).toEqual([away, away]);
  expect([commits.length, counted, group.waiting]).toEqual([1, [], 0]);
});

test('a row that the database does not take costs nobody else his batch', async () => {
  const { group, counted } = made((work) =>
    idsOf(work).includes('bad') ? Promise.reject(new Error('bad')) : Promise.resolve(),
  );
  const results = await Promise.allSettled(['a', 'bad', 'c'].map((id) => group.submit(batchOf(id))));
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(counted).toEqual([['a'], ['c']]);
});

test('who would make too many wait is refused, unless nothing waits', async () => {
  const { group } = made(() => new Promise((resolve) => setImmediate(resolve)));
  const many = batchOf(...Array.from({ length: 100_001 }, (_, at) => `p${at}`));
  const [first, second] = [group.submit(many), group.submit(batchOf('a'))];
  await expect(second).rejects.toMatchObject({ code: 'unavailable', help: 'Send them again later.' });
  expect((await first).fates).toHaveLength(100_001);
});

test('a clock that is set back never puts new rows before old ones; each lane has its stripe', async () => {
  const seen: [number, number][] = [];
  const { group } = made(async ({ now, stripe }) => {
    seen.push([now, stripe]);
    await new Promise((resolve) => setImmediate(resolve));
  }, 2);
  for (const id of ['a', 'b', 'c']) await group.submit(batchOf(id));
  expect(seen.map(([now]) => now)).toEqual([1_000, 1_000, 1_000]);
  expect(seen.every(([, stripe]) => stripe === 4 || stripe === 5)).toBe(true);
});
