/** Experiments as HTTP and retraining use them. */
import type { Act, Page } from '../registry/model-version.ts';
import type { PageQuery } from '../registry/registry-store.ts';
import type { AllocatedRange, Experiment, ExperimentChange, ExperimentMode } from './experiment.ts';
import type { ExperimentReport } from './report.ts';

/** What a client needs to route keys by itself. */
export interface RunningExperiment {
  readonly model: string;
  readonly experiment: string;
  readonly epoch: number;
  readonly salt: string;
  readonly mode: ExperimentMode;
  /** Of the UTF-8 text `salt:key`; the bucket is ⌊hash · buckets / 2³²⌋. */
  readonly hash: 'murmur3_32';
  readonly buckets: number;
  readonly allocation: readonly AllocatedRange[];
  readonly shadows: readonly string[];
  /** When the epoch began, RFC 3339. */
  readonly since: string;
}

/** All a router polls. */
export interface Assignments {
  readonly items: readonly RunningExperiment[];
  readonly models: readonly { readonly model: string; readonly production: string | null }[];
}

/** Where one key goes. */
export interface Assignment {
  readonly model: string;
  /** Null where nothing runs and nothing is in production. */
  readonly version: string | null;
  /** To be sent along with the prediction. */
  readonly experiment: { readonly name: string; readonly epoch: number; readonly propensity: number } | null;
  /** `split` by key, `random` without one, `production` where no experiment runs. */
  readonly reason: 'split' | 'random' | 'production';
  readonly shadows: readonly string[];
}

/**
 * Every error is a PlumblineError: `not_found`; `invalid_request` naming the field; `conflict` for a change that came too late, a second
 * running experiment of the model, or an arm that cannot take traffic; `transition_not_allowed` for a state that cannot follow.
 */
export interface Experiments {
  /** Makes an experiment, or changes it: what is named is set. With `state` it moves too, in the same transaction. */
  put(model: string, experiment: string, change: ExperimentChange, act: Act): Promise<Experiment>;
  /** From draft or paused to running. */
  start(model: string, experiment: string, reason: string, act: Act): Promise<Experiment>;
  /** From running to paused: production answers. */
  pause(model: string, experiment: string, reason: string, act: Act): Promise<Experiment>;
  /** For good, from any state but `ended`. */
  end(model: string, experiment: string, reason: string, act: Act): Promise<Experiment>;
  /** Newest first. */
  list(model: string, page: PageQuery): Promise<Page<Experiment>>;
  get(model: string, experiment: string): Promise<ExperimentReport>;
  /** Of these models, or of all. */
  assignments(models?: readonly string[]): Promise<Assignments>;
  /** Without a key the version is drawn by the weights. */
  assignment(model: string, key?: string): Promise<Assignment>;
}
