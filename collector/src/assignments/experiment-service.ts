/** Experiments of the service. */
import type { Act, Page } from '../registry/model-version.ts';
import { noModel } from '../registry/refusals.ts';
import type { PageQuery } from '../registry/registry-store.ts';
import { assign, toRunning } from './assign.ts';
import type { Epoch, Experiment, ExperimentChange, ExperimentState } from './experiment.ts';
import type { Assignment, Assignments, Experiments } from './experiments.ts';
import type { ExperimentStore, StoredEpoch, StoredExperiment } from './experiment-store.ts';
import { noExperiment, putExperiment } from './put-experiment.ts';
import type { ExperimentReport, Findings } from './report.ts';
import type { UnitStore } from './unit-store.ts';

/** What experiments work with. */
export interface ExperimentsOptions {
  readonly store: ExperimentStore;
  readonly units: Pick<UnitStore, 'reading'>;
  /** Epoch ms. */
  readonly now: () => number;
  /** From 0 to 1, for traffic without keys. */
  readonly random: () => number;
  /** A text never given before. */
  readonly newSalt: () => string;
  /** Told after an experiment changed. */
  readonly onChange?: (model: string) => void;
}

/** Makes the room. */
export function createExperiments(options: ExperimentsOptions): Experiments {
  return new ExperimentService({ onChange: () => {}, ...options });
}

class ExperimentService implements Experiments {
  readonly #options: Required<ExperimentsOptions>;

  constructor(options: Required<ExperimentsOptions>) {
    this.#options = options;
  }

  put(model: string, experiment: string, change: ExperimentChange, act: Act): Promise<Experiment> {
    return this.#put(model, experiment, { change, makes: true }, act);
  }

  start(model: string, experiment: string, reason: string, act: Act): Promise<Experiment> {
    return this.#move(model, experiment, { state: 'running', reason }, act);
  }

  pause(model: string, experiment: string, reason: string, act: Act): Promise<Experiment> {
    return this.#move(model, experiment, { state: 'paused', reason }, act);
  }

  end(model: string, experiment: string, reason: string, act: Act): Promise<Experiment> {
    return this.#move(model, experiment, { state: 'ended', reason }, act);
  }

  async list(model: string, page: PageQuery): Promise<Page<Experiment>> {
    const { store } = this.#options;
    if (!(await store.model(model))) noModel(model);
    const { items, next } = await store.experiments(model, page);
    return { items: items.map(toExperiment), next };
  }

  async get(model: string, experiment: string): Promise<ExperimentReport> {
    const { store, units } = this.#options;
    const stored = (await store.experiment(model, experiment)) ?? noExperiment(model, experiment);
    const kept = await units.reading(stored);
    const { comparison = null, guardrailReadings = [] } = kept ? (JSON.parse(kept.reading) as Findings) : {};
    const comparedAt = kept ? isoTime(kept.at) : null;
    const epochs = (await store.epochs(stored)).map(toEpoch);
    return { ...toExperiment(stored), epochs, comparedAt, comparison, guardrailReadings };
  }

  async assignments(models?: readonly string[]): Promise<Assignments> {
    const { store } = this.#options;
    const running = await store.running(models);
    return { items: running.flatMap((one) => toRunning(one) ?? []), models: await store.inProduction(models) };
  }

  async assignment(model: string, key?: string): Promise<Assignment> {
    const { store, random } = this.#options;
    const [known] = await store.inProduction([model]);
    const [running] = await store.running([model]);
    return assign(running, known ?? noModel(model), key, random);
  }

  #move(
    model: string,
    name: string,
    change: { state: ExperimentState; reason: string },
    act: Act,
  ): Promise<Experiment> {
    return this.#put(model, name, { change, makes: false }, act);
  }

  async #put(
    model: string,
    name: string,
    asked: { readonly change: ExperimentChange; readonly makes: boolean },
    act: Act,
  ): Promise<Experiment> {
    const { store, now, newSalt, onChange } = this.#options;
    const put = { model, name, ...asked, salt: newSalt(), now: now() };
    const stored = await store.experimentTransaction((writing) => putExperiment(writing, put, act));
    onChange(model);
    return toExperiment(stored);
  }
}

/** An experiment as it is told. */
export function toExperiment(stored: StoredExperiment): Experiment {
  const { model, name, salt, state, revision, rules, epoch, course, createdAt, startedAt, endedAt } = stored;
  return {
    ...{ model, experiment: name, state, ...rules, salt, revision, createdAt: isoTime(createdAt) },
    startedAt: startedAt === null ? null : isoTime(startedAt),
    endedAt: endedAt === null ? null : isoTime(endedAt),
    epoch: epoch && toEpoch(epoch),
    stopped: course.stopped.map(({ version, at, why }) => ({ version, at: isoTime(at), why })),
  };
}

/** An epoch as it is told. */
export function toEpoch({ number, since, until, weights, ranges, cause }: StoredEpoch): Epoch {
  const times = { since: isoTime(since), until: until === null ? null : isoTime(until) };
  return { number, ...times, weights, allocation: ranges, cause };
}

function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
