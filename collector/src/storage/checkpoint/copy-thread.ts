/** The thread that copies the log, seen from the one that commits. */
import { Worker } from 'node:worker_threads';
import { errorText } from '../../errors.ts';
import type { LogState } from './copy-log.ts';
import type { CopyAnswer } from './worker.ts';

/** It starts with the first checkpoint, and anew after it has died. */
export class CopyThread {
  readonly #path: string;
  #worker: Worker | undefined;

  /** @param path of the database */
  constructor(path: string) {
    this.#path = path;
  }

  /** Copies what the log holds; one call at a time. @throws what SQLite said, or that the thread ended */
  async copy(): Promise<LogState> {
    const worker = (this.#worker ??= this.#start());
    const answer = await new Promise<CopyAnswer>((resolve) => {
      const settle = (given: CopyAnswer) => {
        for (const event of ['message', 'error', 'exit'] as const) worker.removeListener(event, listeners[event]);
        resolve(given);
      };
      const listeners = {
        message: (given: CopyAnswer) => settle(given),
        error: (error: unknown) => settle({ failure: errorText(error) }),
        exit: () => settle({ failure: 'the thread ended' }),
      };
      for (const event of ['message', 'error', 'exit'] as const) worker.on(event, listeners[event]);
      worker.postMessage('copy');
    });
    if ('failure' in answer) throw new Error(answer.failure);
    return answer.state;
  }

  /** Ends the thread once it has done what it is doing. */
  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #start(): Worker {
    // The build renames the file.
    const file = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);
    const worker = new Worker(file, { workerData: this.#path, execArgv: ['--disable-warning=ExperimentalWarning'] });
    worker.unref();
    // It may die while it is asked for nothing.
    worker.on('error', () => {});
    worker.on('exit', () => {
      if (this.#worker === worker) this.#worker = undefined;
    });
    return worker;
  }
}
