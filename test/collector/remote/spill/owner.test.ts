/** Who may write into a spill folder, and who takes over what is left in it. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SpillOwner } from '../../../../collector/src/remote/spill/owner.ts';
import { temporaryFolder } from '../../cli/support/plumbline.ts';

const URL = 'http://127.0.0.1:1';
const MINUTE = 60_000;
let parent: string;
const folder = temporaryFolder();
let cases = 0;
beforeEach(() => {
  parent = folder.path(`case-${cases++}`);
  mkdirSync(parent);
});
afterAll(folder.remove);

const owner = (url = URL) => new SpillOwner(parent, url, Date.now);

/** A process number that was used and is free: its process has ended and was waited for. */
function deadProcess(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

/** A folder of another process, as its owner file says. */
async function foreign(change: Record<string, unknown>, silence = 0): Promise<SpillOwner> {
  const other = owner();
  await other.make();
  const file = join(other.folder, 'owner.json');
  const said = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  writeFileSync(file, JSON.stringify({ ...said, ...change }));
  const time = new Date(Date.now() - silence);
  utimesSync(file, time, time);
  return other;
}

test('nobody takes a folder whose owner is alive, in this process or another', async () => {
  await owner().make();
  await foreign({ pid: process.ppid, started: startOf(process.ppid) }, 10 * MINUTE);
  expect(await owner().adopt()).toEqual([]);
});

test('a folder whose process is gone is taken over at once, by one', async () => {
  const dead = await foreign({ pid: deadProcess() });
  const claims = await Promise.all(Array.from({ length: 8 }, () => owner().adopt()));
  expect(claims.flat()).toEqual([dead.folder]);
  expect(await owner().adopt()).toEqual([]);
});

test('a process number that was given to another process does not keep a folder', async () => {
  if (startOf(process.ppid) === '') return; // the system does not tell when a process started
  const { folder: left } = await foreign({ pid: process.ppid, started: '1' });
  expect(await owner().adopt()).toEqual([left]);
});

test('where the process cannot be asked for, silence decides', async () => {
  const machine = 'another host';
  await foreign({ machine }, MINUTE / 2);
  const silent = await foreign({ machine }, 2 * MINUTE);
  expect(await owner().adopt()).toEqual([silent.folder]);
});

test('a beat breaks the silence', async () => {
  const other = await foreign({ machine: 'another host' }, 2 * MINUTE);
  await other.beat();
  expect(await owner().adopt()).toEqual([]);
});

test('rows for another collector are left alone', async () => {
  await foreign({ pid: deadProcess() });
  expect(await owner('http://127.0.0.1:2').adopt()).toEqual([]);
});

test('a folder that was closed in order is taken over from a living process', async () => {
  const other = owner();
  await other.make();
  await other.release();
  expect(await owner().adopt()).toEqual([other.folder]);
});

test('a take-over that was broken off is taken over after a while', async () => {
  const { folder: left } = await foreign({ pid: deadProcess() });
  const claim = join(left, 'claimed-somebody');
  renameSync(join(left, 'owner.json'), claim);
  expect(await owner().adopt()).toEqual([]);
  const time = new Date(Date.now() - 2 * MINUTE);
  utimesSync(claim, time, time);
  expect(await owner().adopt()).toEqual([left]);
  expect(readdirSync(left)).toEqual(['owner.json']);
});

test('files of others in the folder do no harm, and a folder that is not there is empty', async () => {
  expect(await new SpillOwner(join(parent, 'none'), URL, Date.now).adopt()).toEqual([]);
  expect(await owner().adopt()).toEqual([]);
  await owner().make();
  writeFileSync(join(parent, 'notes.txt'), 'mine');
  expect(await owner().adopt()).toEqual([]);
  expect(existsSync(join(parent, 'notes.txt'))).toBe(true);
});

function startOf(pid: number): string {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return line.slice(line.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
