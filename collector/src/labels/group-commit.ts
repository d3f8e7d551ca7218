/**
 * Group commit: what arrives while a commit is under way shares the next one, so that a disk that needs 5 ms to make a commit durable
 * does not limit how many batches a second are taken.
 */
import { PlumblineError } from '../errors.ts';
import type { CheckedLabel } from './check-label.ts';
import type { CheckedPrediction } from './check-prediction.ts';
import type { IngestOutcome, IngestWork, PredictionFate } from './ingest-store.ts';

/** What one request wants written. */
export interface Batch {
  readonly predictions: readonly CheckedPrediction[];
  readonly labels: readonly CheckedLabel[];
}

/** What became of it. */
export interface BatchOutcome {
  readonly fates: readonly PredictionFate[];
}

/** What is told once a commit is durable. */
export interface Committed {
  readonly work: IngestWork;
  readonly outcome: IngestOutcome;
}

/** What group commit needs of the world around it. */
export interface CommitEnvironment {
  readonly commit: (work: IngestWork) => Promise<IngestOutcome>;
  /** Commits that may be under way at once; each has a stripe of its own. */
  readonly lanes: number;
  readonly firstStripe: number;
  /** Epoch ms. */
  readonly now: () => number;
  /** Counts what is durable, before it is acknowledged. */
  readonly count: (committed: Committed) => Promise<void>;
  /** Lets others have a turn. */
  readonly pause: () => Promise<void>;
  /** Turns what the store threw into what a client is told. */
  readonly explain: (error: unknown) => PlumblineError;
}

interface Job extends Batch {
  readonly done: (outcome: BatchOutcome) => void;
  readonly failed: (error: PlumblineError) => void;
}

/** Rows that share a commit: more would keep everybody waiting for longer than a commit takes. */
const MAX_ROWS = 2_000;
/** Rows that wait at most; whoever sends more is to come again later. */
const MAX_WAITING = 100_000;

/** A queue of batches, and the lanes that write it. */
export class GroupCommit {
  readonly #environment: CommitEnvironment;
  readonly #queue: Job[] = [];
  readonly #freeLanes: number[];
  #waiting = 0;
  #arrived = 0;

  constructor(environment: CommitEnvironment) {
    this.#environment = environment;
    this.#freeLanes = Array.from({ length: environment.lanes }, (_, lane) => lane);
  }

  /** Rows that wait for a commit, or are in one. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Writes a batch. @throws PlumblineError `unavailable`: nothing of it may be acknowledged */
  submit(batch: Batch): Promise<BatchOutcome> {
    const rows = rowsOf(batch);
    if (this.#waiting + rows > MAX_WAITING && this.#waiting > 0) return Promise.reject(overloaded());
    this.#waiting += rows;
    const written = new Promise<BatchOutcome>((done, failed) => this.#queue.push({ ...batch, done, failed }));
    this.#start();
    return written.finally(() => (this.#waiting -= rows));
  }

  #start(): void {
    while (this.#queue.length > 0 && this.#freeLanes.length > 0) void this.#run(this.#freeLanes.shift() as number);
  }

  async #run(lane: number): Promise<void> {
    // Others that are ready to send theirs do so first, and share the commit.
    await this.#environment.pause();
    for (let jobs = this.#take(); jobs.length > 0; jobs = this.#take()) {
      await this.#write(jobs, lane);
      await this.#environment.pause();
    }
    this.#freeLanes.push(lane);
  }

  #take(): Job[] {
    let rows = 0;
    let jobs = 0;
    for (const job of this.#queue) {
      rows += rowsOf(job);
      if (jobs > 0 && rows > MAX_ROWS) break;
      jobs++;
    }
    return this.#queue.splice(0, jobs);
  }

  async #write(jobs: readonly Job[], lane: number): Promise<void> {
    const { commit, count, explain, firstStripe } = this.#environment;
    const work: IngestWork = {
      predictions: jobs.flatMap(({ predictions }) => predictions),
      labels: jobs.flatMap(({ labels }) => labels),
      now: this.#clock(),
      stripe: firstStripe + lane,
    };
    let outcome: IngestOutcome;
    try {
      outcome = await commit(work);
    } catch (error) {
      const explained = explain(error);
      // A row that the database does not take must not cost others their batch.
      if (explained.code !== 'unavailable' && jobs.length > 1) for (const job of jobs) await this.#write([job], lane);
      else for (const { failed } of jobs) failed(explained);
      return;
    }
    await count({ work, outcome });
    let from = 0;
    for (const { predictions, done } of jobs) done({ fates: outcome.fates.slice(from, (from += predictions.length)) });
  }

  /** Rows are found again by when they arrived: a clock that is set back must not put new ones before old ones. */
  #clock(): number {
    return (this.#arrived = Math.max(this.#arrived, this.#environment.now()));
  }
}

function rowsOf({ predictions, labels }: Batch): number {
  return predictions.length + labels.length;
}

function overloaded(): PlumblineError {
  return new PlumblineError(
    'unavailable',
    'More rows wait to be written than the service holds.',
    'Send them again later.',
  );
}
