/** Runs the command line as a user does, in a process of its own, and waits for what it prints. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../../..');
export const BIN = join(ROOT, 'collector/bin/plumbline.mjs');
export const REPOSITORY = ROOT;

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves with the match as soon as the output has it; rejects when the process ends without it. */
  printed(pattern: RegExp, stream?: 'stdout' | 'stderr'): Promise<RegExpExecArray>;
}

const children = new Set<ChildProcess>();

/** Starts a program; its output is collected. */
export function start(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}, cwd = ROOT): Running {
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  children.add(child);
  const output = { stdout: '', stderr: '' };
  const watchers = new Set<() => void>();
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]?.setEncoding('utf8').on('data', (text: string) => {
      output[stream] += text;
      for (const watcher of watchers) watcher();
    });
  }
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      children.delete(child);
      resolve({ code, signal, ...output });
    });
  });
  const printed = (pattern: RegExp, stream: 'stdout' | 'stderr' = 'stdout') =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(output[stream]);
        if (!match) return;
        watchers.delete(look);
        resolve(match);
      };
      watchers.add(look);
      look();
      void ended.then(({ code, stderr }) => {
        look();
        reject(new Error(`ended with ${code} before it printed ${pattern}: ${output.stdout} ${stderr}`));
      });
    });
  return { child, ended, printed };
}

/** Starts `plumbline` with this Node. */
export function startPlumbline(args: readonly string[], env: NodeJS.ProcessEnv = {}): Running {
  return start(process.execPath, [BIN, ...args], env);
}

/** Runs `plumbline` to its end. */
export function plumbline(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return startPlumbline(args, env).ended;
}

/** Ends what a failed test left running; call it after each test. */
export async function endChildren(): Promise<void> {
  const left = [...children];
  await Promise.all(
    left.map(async (child) => {
      const closed = new Promise((resolve) => child.once('close', resolve));
      child.kill('SIGKILL');
      await closed;
    }),
  );
}

/** A folder that is removed by `remove`. */
export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-test-'));
  const path = (name: string): string => join(folder, name);
  const file = (name: string, content: string): string => {
    writeFileSync(path(name), content);
    return path(name);
  };
  return { path, file, remove: (): void => rmSync(folder, { recursive: true, force: true }) };
}
