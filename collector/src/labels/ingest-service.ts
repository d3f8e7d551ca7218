/** Ingest of the service: rows are checked, written durably, counted, and then acknowledged. */
import { errorText, PlumblineError } from '../errors.ts';
import { BatchVersions, keyOf, namedRows, tooMany, unknownModel } from './batch-versions.ts';
import { Catalog } from './catalog.ts';
import { checkLabel } from './check-label.ts';
import { checkPrediction, type CheckedPrediction } from './check-prediction.ts';
import { CheckedBatch, reasonOf } from './checked-batch.ts';
import { Counting } from './counting.ts';
import type { KnownVersion } from './declared-model.ts';
import { GroupCommit, type Committed } from './group-commit.ts';
import { Housekeeping } from './housekeeping.ts';
import { StoreAnswers } from './answers.ts';
import type { Ingest, IngestAnswers, IngestResult } from './ingest.ts';
import type { IngestStore } from './ingest-store.ts';
import type { Jobs } from './jobs.ts';
import { LiveCores, type CoreEnvironment } from './live-cores.ts';
import type { RowFaultCode } from './row-faults.ts';
import type { ClosedWindow } from './stored-window.ts';

/** What ingest needs of the world around it. */
export interface IngestEnvironment extends Omit<CoreEnvironment, 'store'> {
  readonly store: IngestStore;
  /** Reads for answers, beside ingest. */
  readonly jobs: Jobs;
  /** A new prediction id. */
  readonly makeId: () => string;
  /** Name of this process among the replicas, another one after each start. */
  readonly replica: string;
  /** Key of the hash that stands for features marked `pii: hash`: random where none was given, and kept in the database. */
  readonly piiKey: string;
  /** Told of each window this process closes. */
  readonly onWindow?: (window: ClosedWindow) => void;
  /** Told of predictions that are stored, each once; it must not throw. */
  readonly onStored?: (rows: readonly CheckedPrediction[]) => void;
  /** Lets the event loop take a turn. */
  readonly pause: () => Promise<void>;
  /** Calls work again and again, so many milliseconds after it has ended. @returns what ends it */
  readonly every: (milliseconds: number, work: () => Promise<void>) => () => void;
}

/** The service, with what keeps it going. */
export interface IngestService extends Ingest, IngestAnswers {
  /** Begins to take rows, and to keep house. @throws what the database throws */
  start(): Promise<void>;
  /** Why rows cannot be taken at present; undefined while they can. */
  healthy(): string | undefined;
  /** Rows that wait to be written, or are being written. */
  waiting(): number;
  /** One round of housekeeping now. */
  keepHouse(): Promise<void>;
  /** Ends housekeeping and waits for what is being written. */
  close(): Promise<void>;
}

/** Milliseconds between two rounds of housekeeping. */
const ROUND = 5_000;

/** Puts ingest together. */
export function createIngestService(environment: IngestEnvironment): IngestService {
  return new LabelService(environment);
}

class LabelService implements IngestService {
  readonly #environment: IngestEnvironment;
  readonly #catalog: Catalog;
  readonly #cores: LiveCores;
  readonly #versions: BatchVersions;
  readonly #commits: GroupCommit;
  readonly #housekeeping: Housekeeping;
  readonly #answers: StoreAnswers;
  #piiKey: string;
  #problem: string | undefined;
  #stop: (() => void) | undefined;
  readonly #taken = new Set<Promise<IngestResult>>();
  #isClosed = false;
  #house: Promise<void> = Promise.resolve();

  constructor(environment: IngestEnvironment) {
    this.#environment = environment;
    const { store, now, pause, stripe, onError } = environment;
    this.#piiKey = environment.piiKey;
    this.#catalog = new Catalog(store, now);
    this.#cores = new LiveCores(environment);
    this.#versions = new BatchVersions(this.#catalog, this.#cores);
    const counting = new Counting(this.#catalog, this.#cores, onError);
    this.#commits = new GroupCommit({
      commit: async (work) => {
        const outcome = await store.commit(work);
        this.#problem = undefined;
        return outcome;
      },
      lanes: store.lanes,
      firstStripe: stripe * store.lanes,
      count: (committed) => {
        environment.onStored?.(storedOf(committed));
        return counting.count(committed);
      },
      explain: (error) => this.#explain(error),
      ...{ now, pause },
    });
    this.#answers = new StoreAnswers({ ...environment, catalog: this.#catalog });
    this.#housekeeping = new Housekeeping({ ...environment, catalog: this.#catalog, cores: this.#cores, counting });
  }

  async start(): Promise<void> {
    const { store, every } = this.#environment;
    this.#piiKey = await store.setting('pii_key', this.#piiKey);
    this.#stop = every(ROUND, () => this.keepHouse());
  }

  readonly healthy = (): string | undefined => this.#problem;
  readonly waiting = (): number => this.#commits.waiting;

  async keepHouse(): Promise<void> {
    this.#house = this.#house.then(() => this.#keepHouse());
    await this.#house;
  }

  async #keepHouse(): Promise<void> {
    try {
      await this.#housekeeping.round();
      this.#problem = undefined;
    } catch (error) {
      this.#explain(error);
    }
  }

  async close(): Promise<void> {
    this.#stop?.();
    this.#housekeeping.stop();
    this.#isClosed = true;
    await Promise.allSettled(this.#taken);
    await this.#house;
    for (const { version } of this.#cores.all()) this.#cores.close(version.versionId);
  }

  predictions(rows: readonly unknown[]): Promise<IngestResult> {
    return this.#take(() => this.#predictions(rows));
  }

  labels(rows: readonly unknown[]): Promise<IngestResult> {
    return this.#take(() => this.#labels(rows));
  }

  async #predictions(rows: readonly unknown[]): Promise<IngestResult> {
    const now = this.#environment.now();
    const { makeId } = this.#environment;
    const batch = new CheckedBatch<ReturnType<typeof checkPrediction>>();
    const named = namedRows(rows, batch, true);
    const versions = await this.#reached(() => this.#versions.ofRows(named));
    for (const row of named) {
      const { index, fields, model } = row;
      const known = versions.get(keyOf(row));
      const context = { now, makeId, piiKey: this.#piiKey };
      const code = batch.check(index, () => checkPrediction(fields, { ...context, version: known ?? tooMany(model) }));
      this.#rejected(known, code);
    }
    const { fates } = await this.#commits.submit({ predictions: batch.rows, labels: [] });
    return batch.result((place) => fates[place] !== 'conflict');
  }

  async #labels(rows: readonly unknown[]): Promise<IngestResult> {
    const now = this.#environment.now();
    const batch = new CheckedBatch<ReturnType<typeof checkLabel>>();
    const named = namedRows(rows, batch, false);
    const versions = await this.#reached(() => this.#versions.live(new Set(named.map(({ model }) => model))));
    for (const { index, fields, model } of named) {
      const known = versions.get(model);
      const code = batch.check(index, () => checkLabel(fields, known ?? unknownModel(model), now));
      this.#rejected(known, code);
    }
    await this.#commits.submit({ predictions: [], labels: batch.rows });
    return batch.result();
  }

  readonly performance: IngestAnswers['performance'] = (query) => this.#answers.performance(query);
  readonly drift: IngestAnswers['drift'] = (query) => this.#answers.drift(query);
  readonly distribution: IngestAnswers['distribution'] = (query) => this.#answers.distribution(query);

  /** Remembers what is under way, so that `close` can wait for it. */
  async #take(work: () => Promise<IngestResult>): Promise<IngestResult> {
    if (this.#isClosed)
      throw new PlumblineError('unavailable', 'The service is stopping.', 'Send the batch again later.');
    const taken = work();
    this.#taken.add(taken);
    try {
      return await taken;
    } finally {
      this.#taken.delete(taken);
    }
  }

  #rejected(version: KnownVersion | undefined, code: RowFaultCode | undefined): void {
    const reason = code && reasonOf(code);
    if (reason && version) this.#cores.use(version.versionId)?.reject(reason);
  }

  async #reached<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      throw this.#explain(error);
    }
  }

  /** What a client is told of what the database threw; the whole error goes to the log. */
  #explain(error: unknown): PlumblineError {
    if (error instanceof PlumblineError) return error;
    const reason = this.#environment.store.unavailable(error);
    this.#environment.onError(error, reason ?? `the database does not take what it was given: ${errorText(error)}`);
    if (reason === undefined)
      return new PlumblineError('internal', 'The rows could not be written.', 'See the log of the service.', {
        cause: error,
      });
    this.#problem = reason;
    const help =
      'Nothing of the batch is acknowledged. Send it again: what was written all the same is not counted twice.';
    return new PlumblineError('unavailable', reason, help, { cause: error });
  }
}

/** Predictions that were not there before. */
function storedOf({ work, outcome }: Committed): readonly CheckedPrediction[] {
  return work.predictions.filter((_row, index) => outcome.fates[index] === 'stored');
}
