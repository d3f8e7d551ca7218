/** Evaluations: one at a time for each model, whatever replica it is asked of; kept, so that any replica can tell what came of them. */
import { PlumblineError } from '../../errors.ts';
import type { Lifecycle } from '../../lifecycle/lifecycle.ts';
import type { Act, Page } from '../../registry/model-version.ts';
import { noModel, noVersion } from '../../registry/refusals.ts';
import type { PageQuery, RegistryReading, StoredVersion } from '../../registry/registry-store.ts';
import type { EvaluationEnd, EvaluationStore } from './evaluation-store.ts';
import type { EvaluationRecord, EvaluationRequest, Evaluations } from './evaluations.ts';
import { runEvaluation, taskOf, type EvaluationJob, type EvaluationTools } from './run-evaluation.ts';
import { checkedRows } from './sent-rows.ts';

/** What evaluations work with. */
export interface EvaluationOptions extends EvaluationTools {
  readonly store: EvaluationStore;
  readonly registry: Pick<RegistryReading, 'model' | 'version'>;
  readonly lifecycle: Pick<Lifecycle, 'policy'>;
  /** Epoch ms. */
  readonly now: () => number;
  readonly newId: () => string;
  /** Resolves after so many milliseconds, or when the signal says so. */
  readonly pause: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Told of what the service itself failed at. */
  readonly onError: (error: unknown) => void;
}

/** The evaluations, and what the service does for them. */
export interface EvaluationService extends Evaluations {
  /** Removes what a killed process left behind, and old evaluations. */
  keepHouse(): Promise<void>;
  /** Ends those that run here. */
  close(): Promise<void>;
}

/** A replica that has not said for so long that it is alive is gone, in milliseconds; it says so six times as often. */
const LEASE = 60_000;
const KEEP = 90 * 86_400_000;
/** Between two looks at one that another replica runs. */
const LOOK = 1_000;

/** Makes the service. */
export function createEvaluations(options: EvaluationOptions): EvaluationService {
  return new Service(options);
}

/** One that runs here. */
interface Running {
  readonly stop: AbortController;
  readonly ended: Promise<void>;
}

class Service implements EvaluationService {
  readonly #options: EvaluationOptions;
  readonly #running = new Map<string, Running>();

  constructor(options: EvaluationOptions) {
    this.#options = options;
  }

  async start(model: string, request: EvaluationRequest, { actor }: Act): Promise<EvaluationRecord> {
    const { store, now, newId } = this.#options;
    const id = newId();
    const job = await this.#job(id, model, request);
    const time = now();
    const record: EvaluationRecord = {
      ...{ id, model, versions: request.versions, status: 'running', reason: null, actor },
      ...{ createdAt: new Date(time).toISOString(), finishedAt: null, result: null, failed: [] },
    };
    if ((await store.begin(record, time + LEASE, time)) === undefined) throw busy(model);
    const stop = new AbortController();
    this.#running.set(id, { stop, ended: this.#run(job, stop) });
    return record;
  }

  async get(model: string, id: string, patience = 0): Promise<EvaluationRecord> {
    const { now, pause } = this.#options;
    const until = now() + patience;
    for (;;) {
      const record = (await this.#options.store.get(model, id, now())) ?? unknown(model, id);
      const left = until - now();
      if (record.status !== 'running' || left <= 0) return record;
      const over = new AbortController();
      const here = this.#running.get(id)?.ended;
      const wait = pause(here ? left : Math.min(left, LOOK), over.signal);
      await Promise.race([wait, ...(here ? [here] : [])]);
      over.abort();
    }
  }

  list(model: string, page: PageQuery): Promise<Page<EvaluationRecord>> {
    return this.#options.store.list(model, page, this.#options.now());
  }

  async cancel(model: string, id: string): Promise<EvaluationRecord> {
    const { store, now } = this.#options;
    const record = (await store.get(model, id, now())) ?? unknown(model, id);
    if (record.status !== 'running') return record;
    const here = this.#running.get(id);
    await store.askToEnd(id);
    here?.stop.abort('It was cancelled.');
    await here?.ended;
    return this.get(model, id);
  }

  async keepHouse(): Promise<void> {
    const { store, folders, now } = this.#options;
    await store.forget(now() - KEEP);
    let running: ReadonlySet<string> | undefined;
    // Read after the folders were listed: whatever is run was written down before its folder was made.
    await folders.sweep(async (name) => (running ??= await store.running(now())).has(name));
  }

  async close(): Promise<void> {
    for (const { stop } of this.#running.values()) stop.abort('The service was stopped.');
    await Promise.all([...this.#running.values()].map(({ ended }) => ended));
  }

  /** Looks for all that a run needs before anything is written down. */
  async #job(id: string, model: string, request: EvaluationRequest): Promise<EvaluationJob> {
    const { registry, lifecycle } = this.#options;
    const declared = (await registry.model(model)) ?? noModel(model);
    const { predictCommand } = await lifecycle.policy(model);
    if (predictCommand === null) throw noCommand(model);
    const task = taskOf(declared.task);
    const { versions: names, rows, timeLimitSeconds } = request;
    if (new Set(names).size < names.length)
      throw new PlumblineError('invalid_request', 'versions: one is named twice.', 'Name each version once.');
    const versions: StoredVersion[] = [];
    for (const name of names) versions.push(await this.#version(model, name));
    if (rows.kind === 'sent') checkedRows(rows.rows, task);
    const { classes, positiveClass } = declared;
    return {
      ...{ id, command: predictCommand, versions, rows, timeLimitSeconds },
      model: { model, task, ...(classes && { classes }), ...(positiveClass !== undefined && { positiveClass }) },
    };
  }

  async #version(model: string, name: string): Promise<StoredVersion> {
    const stored = await this.#options.registry.version(model, name);
    if (!stored || stored.deleted) return noVersion(model, name);
    if (stored.artifact === null || stored.version.digest === null) throw withoutFiles(model, name);
    return stored;
  }

  async #run(job: EvaluationJob, stop: AbortController): Promise<void> {
    const { store, now, onError } = this.#options;
    const over = new AbortController();
    const alive = this.#stayAlive(job.id, stop, over.signal);
    try {
      const end = await runEvaluation(this.#options, job, stop.signal).catch((error: unknown) =>
        failedBy(error, onError),
      );
      over.abort();
      await alive;
      await store.finish(job.id, end, now());
    } catch (error) {
      // Its lease runs out, and it reads as interrupted.
      onError(error);
    } finally {
      over.abort();
      this.#running.delete(job.id);
    }
  }

  /** Says that it is run, and hears of a cancel that came to another replica. */
  async #stayAlive(id: string, stop: AbortController, over: AbortSignal): Promise<void> {
    const { store, now, pause, onError } = this.#options;
    while (!over.aborted) {
      await pause(LEASE / 6, over);
      if (over.aborted) return;
      await store.renew(id, now() + LEASE).then((end) => end && stop.abort('It was cancelled.'), onError);
    }
  }
}

function failedBy(error: unknown, onError: (error: unknown) => void): EvaluationEnd {
  if (!(error instanceof PlumblineError)) onError(error);
  const reason =
    error instanceof PlumblineError ? `${error.message} ${error.help}` : 'The service failed; its log says why.';
  return { status: 'failed', reason, result: null, failed: [] };
}

function busy(model: string): PlumblineError {
  const message = `An evaluation of "${model}" is under way.`;
  return new PlumblineError('conflict', message, 'Wait for its end, or cancel it; one runs at a time for each model.');
}

function noCommand(model: string): PlumblineError {
  const message = `predictCommand: the policy of "${model}" names none, so its versions cannot be run.`;
  return new PlumblineError('no_predict_command', message, 'Set predictCommand in the policy (scope admin).');
}

function withoutFiles(model: string, version: string): PlumblineError {
  const message = `Version "${version}" of "${model}" has no files to run.`;
  return new PlumblineError('conflict', message, 'Save it with its files first (POST …/versions).');
}

function unknown(model: string, id: string): never {
  const help = `Those of the last 90 days are listed at /v1/models/${model}/evaluations.`;
  throw new PlumblineError('not_found', `There is no evaluation ${JSON.stringify(id)} of "${model}".`, help);
}
