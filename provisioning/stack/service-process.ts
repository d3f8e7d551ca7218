/** One program of the stack: started with its output in a log file, watched until ready, ended with all its children. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { StackError } from './errors.ts';

/** How to start a program and how to know that it is up. */
export interface ServiceSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Answers 200 when the service is ready. */
  readonly readyUrl: string;
  readonly logFile: string;
}

const READY_TIMEOUT = 90_000;
const STOP_TIMEOUT = 15_000;
const POLL = 200;
const LAST_LINES = 12;

/** A running program. */
export class ServiceProcess {
  readonly spec: ServiceSpec;
  /** Why it ended; resolves when it does. */
  readonly ended: Promise<string>;
  readonly #child: ChildProcess;
  #end: string | undefined;

  constructor(spec: ServiceSpec) {
    this.spec = spec;
    const log = openSync(spec.logFile, 'a');
    // A process group of its own: it ends with all its children, and Ctrl-C in a terminal reaches the stack alone, which
    // then ends its programs in order.
    this.#child = spawn(spec.command, spec.args, { env: spec.env, stdio: ['ignore', log, log], detached: true });
    closeSync(log);
    this.ended = new Promise((resolve) => {
      this.#child.once('error', (error) => resolve(`could not be started (${error.message})`));
      this.#child.once('exit', (code, signal) =>
        resolve(signal === null ? `ended with code ${code}` : `got ${signal}`),
      );
    });
    void this.ended.then((reason) => {
      this.#end = reason;
    });
  }

  /** @throws StackError when the program ends before it is ready, or takes too long */
  async ready(): Promise<void> {
    const deadline = Date.now() + READY_TIMEOUT;
    while (Date.now() < deadline) {
      if (this.#end !== undefined) throw this.failure();
      if (await answers(this.spec.readyUrl)) return;
      await new Promise((resolve) => setTimeout(resolve, POLL));
    }
    throw new StackError(
      `${this.spec.name} did not answer at ${this.spec.readyUrl} within ${READY_TIMEOUT / 1000} s.\n${this.#lastWords()}`,
    );
  }

  /** What to tell when it ended by itself. */
  failure(): StackError {
    return new StackError(`${this.spec.name} ${this.#end ?? 'failed'}.\n${this.#lastWords()}`);
  }

  /** Ends the program and its children: politely first, by force when it does not listen. */
  async stop(): Promise<void> {
    const pid = this.#child.pid;
    if (this.#end !== undefined || pid === undefined) return;
    signalGroup(pid, 'SIGTERM');
    const timer = setTimeout(() => signalGroup(pid, 'SIGKILL'), STOP_TIMEOUT);
    await this.ended;
    clearTimeout(timer);
  }

  #lastWords(): string {
    const lines = readFileSync(this.spec.logFile, 'utf8').trimEnd().split('\n').slice(-LAST_LINES);
    return `The end of ${this.spec.logFile}:\n${lines.map((line) => `  ${line}`).join('\n')}`;
  }
}

/** A group that is gone already is what was wanted. */
function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
