/**
 * A program with everything it starts, as one thing that can be ended. Libraries end a child (execa) or follow parent ids (tree-kill), and
 * both lose a grandchild whose parent has gone; so the program leads a process group of its own, which the system keeps together however its
 * members are related, and what leaves the group is found, on Linux, by a mark in its environment.
 */
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { systemErrorCode } from '../../errors.ts';

/** The environment variable that marks a program and all that it starts; its value is the folder it works for. */
export const MARK = 'PLUMBLINE_RUN_FOLDER';

/** Which processes are meant. */
export interface Group {
  /** Id of the group, which is that of the program; undefined where only the mark is known. */
  readonly id: number | undefined;
  /** Value of the mark. */
  readonly mark: string;
}

const PROC = '/proc';
const STEP = 25;
const LOOKS = 3;
/** After SIGKILL the system needs a moment; a group that goes on forking is killed as a whole each time. */
const KILL_PATIENCE = 5_000;

/**
 * Whether anything of it runs, zombies apart. A look through the processes takes time, and who forks and goes meanwhile is missed; so several
 * looks must find nobody.
 */
export async function isRunning(group: Group): Promise<boolean> {
  for (let look = 1; ; look++) {
    const found = await membersOf(group);
    if (found === undefined) return groupAnswers(group);
    if (found.length > 0) return true;
    if (look >= LOOKS) return false;
    await delay(STEP);
  }
}

/**
 * Ends a group: SIGTERM, and after `grace` milliseconds SIGKILL, until nothing of it is left.
 * @returns whether nothing is left
 */
export async function endGroup(group: Group, grace: number): Promise<boolean> {
  await signalGroup(group, 'SIGTERM');
  await isGoneWithin(group, grace);
  // In any case: it reaches all of a group at once, those too who are missed by looking because they fork and go.
  await signalGroup(group, 'SIGKILL');
  return isGoneWithin(group, KILL_PATIENCE, () => signalGroup(group, 'SIGKILL'));
}

/** SIGKILL at once, without waiting: for the end of this process. */
export function killGroupNow({ id }: Group): void {
  if (id !== undefined) send(-id, 'SIGKILL');
}

async function signalGroup(group: Group, signal: NodeJS.Signals): Promise<void> {
  if (group.id !== undefined) send(-group.id, signal);
  for (const pid of (await membersOf(group)) ?? []) send(pid, signal);
}

async function isGoneWithin(group: Group, milliseconds: number, again?: () => Promise<void>): Promise<boolean> {
  const deadline = performance.now() + milliseconds;
  for (;;) {
    if (!(await isRunning(group))) return true;
    if (performance.now() >= deadline) return false;
    await delay(STEP);
    await again?.();
  }
}

/** Whether the signal found somebody. */
function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    // EPERM: somebody is there who changed its user; that is not ours to end.
    return systemErrorCode(error) === 'EPERM';
  }
}

function groupAnswers({ id }: Group): boolean {
  return id !== undefined && send(-id, 0);
}

/** Ids of the processes of a group or with its mark; undefined where the system does not tell (no /proc). */
async function membersOf({ id, mark }: Group): Promise<number[] | undefined> {
  const names = await readdir(PROC).catch(() => []);
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number);
  if (pids.length === 0) return undefined;
  const text = `${MARK}=${mark}`;
  const members: number[] = [];
  for (const pid of pids)
    if (pid !== process.pid && ((await isLiveMember(pid, id)) || (await isMarked(pid, text)))) members.push(pid);
  return members;
}

async function isLiveMember(pid: number, id: number | undefined): Promise<boolean> {
  if (id === undefined) return false;
  const stat = await readFile(`${PROC}/${pid}/stat`, 'latin1').catch(() => '');
  // pid (name) state parent group …; the name may hold anything, brackets too.
  const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(group) === id && state !== 'Z' && state !== 'X';
}

/** A zombie has no environment any more, so none is found. */
async function isMarked(pid: number, text: string): Promise<boolean> {
  const environment = await readFile(`${PROC}/${pid}/environ`, 'utf8').catch(() => '');
  return environment.split('\0').includes(text);
}
