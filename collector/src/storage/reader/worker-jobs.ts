/** Jobs in a thread of their own. */
import { Worker } from 'node:worker_threads';
import { PlumblineError, type ErrorCode } from '../../errors.ts';
import type { Jobs } from '../../labels/jobs.ts';
import type { ReadingFrom } from './row-reader.ts';

/** A job on its way to the thread. */
export interface JobRequest {
  readonly id: number;
  readonly job: keyof Jobs;
  readonly input: unknown;
}

/** What comes back: a result, or what the error said (errors lose their class between threads). */
export interface JobAnswer {
  readonly id: number;
  readonly result?: unknown;
  readonly failure?: {
    readonly message: string;
    readonly code: unknown;
    readonly errcode: unknown;
    readonly help?: string;
    readonly known?: ErrorCode;
  };
}

interface Waiting {
  readonly done: (result: unknown) => void;
  readonly failed: (error: unknown) => void;
}

/** Jobs under way at once; more wait. The thread does one thing at a time anyway, and each holds memory. */
const AT_ONCE = 4;

/** A thread that runs jobs; it starts with the first one, and anew after it has died. */
export class WorkerJobs implements Jobs {
  readonly #from: ReadingFrom;
  readonly #waiting = new Map<number, Waiting>();
  readonly #queue: JobRequest[] = [];
  #worker: Worker | undefined;
  #next = 0;
  #running = 0;

  constructor(from: ReadingFrom) {
    this.#from = from;
  }

  readonly performance: Jobs['performance'] = (job) => this.#run('performance', job) as ReturnType<Jobs['performance']>;
  readonly window: Jobs['window'] = (job) => this.#run('window', job) as ReturnType<Jobs['window']>;
  readonly lastWindow: Jobs['lastWindow'] = (job) => this.#run('lastWindow', job) as ReturnType<Jobs['lastWindow']>;
  readonly selfReference: Jobs['selfReference'] = (job) =>
    this.#run('selfReference', job) as ReturnType<Jobs['selfReference']>;

  /** Ends the thread; what it was doing fails. */
  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
    this.#fail(new Error('connection terminated: the reading thread was closed'));
  }

  #run(job: keyof Jobs, input: unknown): Promise<unknown> {
    const id = this.#next++;
    const answered = new Promise<unknown>((done, failed) => this.#waiting.set(id, { done, failed }));
    this.#queue.push({ id, job, input });
    this.#send();
    return answered;
  }

  #send(): void {
    while (this.#queue.length > 0 && this.#running < AT_ONCE) {
      this.#running++;
      (this.#worker ??= this.#start()).postMessage(this.#queue.shift());
    }
  }

  #start(): Worker {
    // The build renames the file.
    const file = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);
    const worker = new Worker(file, { workerData: this.#from, execArgv: ['--disable-warning=ExperimentalWarning'] });
    worker.unref();
    worker.on('message', (answer: JobAnswer) => this.#settle(answer));
    worker.on('error', (error) => this.#lost(worker, error));
    worker.on('exit', () => this.#lost(worker, new Error('connection terminated: the reading thread ended')));
    return worker;
  }

  #settle({ id, result, failure }: JobAnswer): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    this.#running--;
    if (failure) waiting?.failed(errorOf(failure));
    else waiting?.done(result);
    this.#send();
  }

  #lost(worker: Worker, error: unknown): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    this.#fail(error);
  }

  #fail(error: unknown): void {
    this.#queue.length = 0;
    this.#running = 0;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { failed } of waiting) failed(error);
  }
}

function errorOf({ message, code, errcode, help, known }: NonNullable<JobAnswer['failure']>): Error {
  if (known !== undefined) return new PlumblineError(known, message, help ?? '');
  return Object.assign(new Error(message), code !== undefined && { code }, errcode !== undefined && { errcode });
}
