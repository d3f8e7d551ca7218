/** Rivals in Python, in interpreters the caller names: each times itself, in the same rounds as we do. */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { join } from 'node:path';
import type { Contender } from './compare.ts';

interface Answer {
  readonly seconds?: number;
  readonly missing?: string;
  readonly versions?: Readonly<Record<string, string>>;
}

class Interpreter {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #answers: AsyncIterator<string>;

  readonly #clock: string;

  constructor(path: string, clock: string) {
    this.#clock = clock;
    this.#child = spawn(path, [join(import.meta.dirname, 'rivals.py')], { stdio: ['pipe', 'pipe', 'ignore'] });
    this.#answers = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  async ask(rival: string, size = 1): Promise<Answer> {
    this.#child.stdin.write(`${JSON.stringify({ rival, size, clock: this.#clock })}\n`);
    const { value, done } = await this.#answers.next();
    return done ? { missing: 'the interpreter ended' } : (JSON.parse(value) as Answer);
  }

  close(): void {
    this.#child.stdin.end();
  }
}

/** The interpreters given on the command line. */
export class PythonRivals {
  readonly #interpreters: readonly Interpreter[];

  /** @param clock what they count: the time that passes, or that of the processor */
  constructor(paths: readonly string[], clock: 'wall' | 'cpu') {
    this.#interpreters = paths.map((path) => new Interpreter(path, clock));
  }

  /** A rival from the first interpreter that has it; without one it is listed as not measured. */
  async contender(name: string, rival: string, size: number): Promise<Contender> {
    for (const interpreter of this.#interpreters) {
      const { seconds, missing } = await interpreter.ask(rival, size);
      if (seconds === undefined) {
        process.stderr.write(`${name}: ${missing}\n`);
        continue;
      }
      return { name, milliseconds: async () => ((await interpreter.ask(rival, size)).seconds ?? Number.NaN) * 1000 };
    }
    return { name };
  }

  /** What each interpreter is and which rivals it has, one line each. */
  async versions(): Promise<string[]> {
    const lines: string[] = [];
    for (const interpreter of this.#interpreters) {
      const { versions = {} } = await interpreter.ask('versions');
      lines.push(
        Object.entries(versions)
          .map(([name, version]) => `${name} ${version}`)
          .join(', '),
      );
    }
    return lines;
  }

  close(): void {
    for (const interpreter of this.#interpreters) interpreter.close();
  }
}
