/** What experiments need of a database: the port, implemented in `storage/`. Times are epoch milliseconds. */
import type { LifecycleWriting } from '../lifecycle/lifecycle-store.ts';
import type { Page } from '../registry/model-version.ts';
import type { LockedModel, PageQuery, RegistryReading } from '../registry/registry-store.ts';
import type { AllocatedRange, EpochCause, ExperimentRules, ExperimentState } from './experiment.ts';

/** An epoch as it is stored. */
export interface StoredEpoch {
  readonly number: number;
  readonly since: number;
  /** Null while it lasts. */
  readonly until: number | null;
  readonly cause: EpochCause;
  /** Share of each arm, by version; they sum to 1. */
  readonly weights: Readonly<Record<string, number>>;
  readonly ranges: readonly AllocatedRange[];
}

/** How far an experiment has come. */
export interface Course {
  /** Milliseconds it ran before it was last paused. */
  readonly ran: number;
  /** When it was last started or resumed; null while it does not run. */
  readonly runningSince: number | null;
  /** Steps of the ramp that were taken. */
  readonly rampSteps: number;
  /** When a bandit last drew weights; null for never. */
  readonly drawnAt: number | null;
  readonly stopped: readonly { readonly version: string; readonly at: number; readonly why: string }[];
}

/** An experiment as it is stored. The weights of its arms are those that hold now. */
export interface StoredExperiment {
  /** Key in the database; 0 before it is there. */
  readonly id: number;
  readonly model: string;
  readonly name: string;
  readonly salt: string;
  readonly state: ExperimentState;
  readonly revision: number;
  readonly rules: ExperimentRules;
  readonly course: Course;
  /** The last one; null before the first start. */
  readonly epoch: StoredEpoch | null;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
}

/** What can be asked for. */
export interface ExperimentReading {
  /** Newest first. */
  experiments(model: string, page: PageQuery): Promise<Page<StoredExperiment>>;
  experiment(model: string, name: string): Promise<StoredExperiment | undefined>;
  /** Running ones, of these models or of all, by model. */
  running(models?: readonly string[]): Promise<readonly StoredExperiment[]>;
  /** Running and paused ones of all models. */
  open(): Promise<readonly StoredExperiment[]>;
  /** Versions in production, of these models or of all, by model; unknown models are left out. */
  inProduction(
    models?: readonly string[],
  ): Promise<readonly { readonly model: string; readonly production: string | null }[]>;
  /** Oldest first. */
  epochs(experiment: StoredExperiment): Promise<readonly StoredEpoch[]>;
}

/** What a change may do, under the lock of the model. */
export interface ExperimentWriting extends Pick<LifecycleWriting, 'lockModel' | 'version' | 'lockedPolicy' | 'audit'> {
  experiment(model: LockedModel, name: string): Promise<StoredExperiment | undefined>;
  /** The one that runs. */
  runningOf(model: LockedModel): Promise<StoredExperiment | undefined>;
  /** Those that run or are paused. */
  openOf(model: LockedModel): Promise<readonly StoredExperiment[]>;
  /** Writes it, and its epoch; an epoch before that one ends when it begins. @returns it with its key */
  save(model: LockedModel, experiment: StoredExperiment): Promise<StoredExperiment>;
}

/** The port. */
export interface ExperimentStore extends ExperimentReading, Pick<RegistryReading, 'model'> {
  /** Runs a change; it may run more than once and must do nothing but write. */
  experimentTransaction<Result>(work: (writing: ExperimentWriting) => Promise<Result>): Promise<Result>;
}
