/** Runs a program that somebody else wrote: bounded in time, disk and log, and ended with everything it started. */
import { spawn, type ChildProcess } from 'node:child_process';
import { systemErrorCode } from '../../errors.ts';
import { excessOf, type FolderLimits } from './folder-sizes.ts';
import { endGroup, isRunning, killGroupNow, MARK, type Group } from './group.ts';
import { readOutput } from './output.ts';

/** What is run, and within which bounds. */
export interface CommandRun {
  /** Program and arguments; no shell sees them. */
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Working folder. */
  readonly workFolder: string;
  /** Folder of the run: it is watched for its size, and marks the processes. */
  readonly folder: string;
  readonly timeoutSeconds: number;
  readonly limits: CommandLimits;
  readonly onOutput: (text: string) => void;
}

/** Bounds that no policy sets. */
export interface CommandLimits extends FolderLimits {
  /** Milliseconds between SIGTERM and SIGKILL. */
  readonly grace: number;
  /** Milliseconds between two looks at the size of the folder. */
  readonly watchEvery: number;
  /** See `OutputLimits`. */
  readonly freeOutputBytes: number;
}

/** Ways it can end. */
export type CommandEnding =
  | { readonly how: 'exited'; readonly exitCode: number }
  | { readonly how: 'killed'; readonly signal: string }
  | { readonly how: 'not_started'; readonly why: string }
  | { readonly how: 'timed_out' | 'cancelled' }
  | { readonly how: 'too_large'; readonly excess: string };

/** How it ended, and what there is to say beside that. */
export interface CommandEnd {
  readonly ending: CommandEnding;
  /** Bytes it printed. */
  readonly outputBytes: number;
  /** Whether processes it had started still ran after its end; they were ended. */
  readonly leftOthers: boolean;
  /** Whether something could not be ended even by SIGKILL. */
  readonly survived: boolean;
}

/** What timers can count, in milliseconds: 24 days; beyond it they would fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** What still runs, for the end of this process: nothing must outlive it that it can help. */
const running = new Set<Group>();
let isWatchingExit = false;

/** Runs it to its end, or to that which time, size or the signal set. Never rejects for what the program does. */
export async function runCommand(run: CommandRun, signal: AbortSignal): Promise<CommandEnd> {
  if (signal.aborted) return { ending: { how: 'cancelled' }, outputBytes: 0, leftOthers: false, survived: false };
  const started = await start(run);
  if ('why' in started) {
    const ending = { how: 'not_started', why: started.why } as const;
    return { ending, outputBytes: 0, leftOthers: false, survived: false };
  }
  const { child, group } = started;
  const exited = exitOf(child);
  const pipes = [child.stdout, child.stderr].filter((pipe) => pipe !== null);
  const output = readOutput(pipes, run.onOutput, { freeBytes: run.limits.freeOutputBytes });
  const watch = watchBounds(run, signal);
  try {
    const first = await Promise.race([exited, watch.broken]);
    const leftOthers = isExit(first) && (await isRunning(group));
    const gone = isExit(first) && !leftOthers ? true : await endGroup(group, run.limits.grace);
    await output.end(run.limits.grace);
    return { ending: first, outputBytes: output.bytes(), leftOthers, survived: !gone };
  } finally {
    watch.stop();
    running.delete(group);
  }
}

type Exit = Extract<CommandEnding, { how: 'exited' | 'killed' }>;

function isExit(ending: CommandEnding): ending is Exit {
  return ending.how === 'exited' || ending.how === 'killed';
}

async function start(run: CommandRun): Promise<{ child: ChildProcess; group: Group } | { why: string }> {
  const [program = '', ...rest] = run.command;
  try {
    const child = spawn(program, rest, {
      ...{ cwd: run.workFolder, env: { ...run.environment, [MARK]: run.folder }, windowsHide: true },
      // A group of its own, so that the whole of it can be ended.
      ...{ detached: true, shell: false, stdio: ['ignore', 'pipe', 'pipe'] },
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    const group = { id: child.pid, mark: run.folder };
    remember(group);
    return { child, group };
  } catch (error) {
    return { why: startFault(program, error) };
  }
}

function startFault(program: string, error: unknown): string {
  const code = systemErrorCode(error) ?? 'unknown';
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such program; name its absolute path, or one that is on the PATH of the service',
    EACCES: 'it is no file that the user of the service may execute',
    E2BIG: 'its arguments and environment are too long',
  };
  return `"${program}" could not be started (${code}): ${reasons[code] ?? 'the system refused it'}`;
}

function remember(group: Group): void {
  running.add(group);
  if (isWatchingExit) return;
  isWatchingExit = true;
  process.once('exit', () => {
    for (const one of running) killGroupNow(one);
  });
}

/** Not `close`: a grandchild may hold the pipes open long after the program has gone. */
function exitOf(child: ChildProcess): Promise<Exit> {
  const { exitCode, signalCode } = child;
  const ending = (code: number | null, signal: string | null): Exit =>
    code === null ? { how: 'killed', signal: signal ?? 'unknown' } : { how: 'exited', exitCode: code };
  if (exitCode !== null || signalCode !== null) return Promise.resolve(ending(exitCode, signalCode));
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve(ending(code, signal))));
}

/** Resolves with the first bound that is broken. */
function watchBounds({ folder, timeoutSeconds, limits }: CommandRun, signal: AbortSignal) {
  let resolve: (ending: CommandEnding) => void = () => {};
  const broken = new Promise<CommandEnding>((done) => (resolve = done));
  const clock = setTimeout(() => resolve({ how: 'timed_out' }), Math.min(timeoutSeconds * 1_000, LONGEST_TIMER));
  const onAbort = () => resolve({ how: 'cancelled' });
  signal.addEventListener('abort', onAbort, { once: true });
  let looking: NodeJS.Timeout | undefined;
  let isOver = false;
  const look = async () => {
    const excess = await excessOf(folder, limits);
    if (excess !== undefined) resolve({ how: 'too_large', excess });
    else if (!isOver) looking = setTimeout(() => void look(), limits.watchEvery);
  };
  looking = setTimeout(() => void look(), limits.watchEvery);
  const stop = () => {
    isOver = true;
    clearTimeout(clock);
    clearTimeout(looking);
    signal.removeEventListener('abort', onAbort);
  };
  return { broken, stop };
}
