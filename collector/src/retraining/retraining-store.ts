/** What retraining needs of a database: its port, implemented in `storage/`. */
import type { Json } from '../audit/audit-event.ts';
import type { LifecycleReading, LifecycleWriting } from '../lifecycle/lifecycle-store.ts';
import type { Page } from '../registry/model-version.ts';
import type { LockedModel, PageQuery, RegistryReading } from '../registry/registry-store.ts';
import type { RunHistory } from './judge-start.ts';
import type { Run, RunState, RunStep, RunSummary, TriggerName } from './run.ts';

/** A run as it begins. */
export interface NewRun extends Pick<Run, 'run' | 'trigger' | 'reason' | 'actor' | 'incumbent' | 'policyRevision'> {
  /** The replica that runs it. */
  readonly owner: string;
  /** Epoch ms. */
  readonly at: number;
  readonly alerts: readonly string[];
  readonly evidence: Json;
}

/** A run that goes on, as its replica's watchers see it. */
export interface LiveRun {
  readonly run: string;
  readonly model: string;
  readonly trigger: TriggerName;
  readonly state: RunState;
  readonly owner: string;
  /** When its replica last said that it is there, epoch ms. */
  readonly heartbeat: number;
  readonly startedAt: number;
  readonly version: string | null;
}

/** What a step changes. */
export interface StepChange {
  readonly step: RunStep;
  /** Version that was saved. */
  readonly version?: string;
  readonly log?: string;
}

/** What a replica learns when it says that it is there. */
export type Pulse =
  /** Another replica has taken the run for dead, or it is over: nothing of it may be done any more. */
  { readonly alive: false } | { readonly alive: true; readonly cancelled: boolean };

/** Runs of many models as their metrics show them. */
export interface LastStart {
  readonly model: string;
  readonly at: number;
}

/** What can be asked for. */
export interface RetrainingReading
  extends Pick<LifecycleReading, 'policy' | 'policies'>, Pick<RegistryReading, 'model'> {
  runs(model: string, page: PageQuery): Promise<Page<RunSummary>>;
  run(model: string, run: string): Promise<Run | undefined>;
  /** @param since starts from then on are told, epoch ms */
  history(model: string, since: number): Promise<RunHistory>;
  /** All that go on, of every model. */
  live(): Promise<readonly LiveRun[]>;
  /** The last start that counts, by model. */
  lastStarts(): Promise<readonly LastStart[]>;
  /** A text kept for a model and a name; see `RetrainingWriting.mark`. */
  markOf(model: string, name: string): Promise<string | undefined>;
  /** Hash of the token that a trainer elsewhere calls back with; undefined where the run is over or has none. */
  callbackHash(model: string, run: string): Promise<string | undefined>;
}

/** A change; everything in it is there together, or nothing is. */
export interface RetrainingWriting extends Pick<
  LifecycleWriting,
  'lockModel' | 'lockedPolicy' | 'production' | 'audit'
> {
  lockedHistory(model: LockedModel, since: number): Promise<RunHistory>;
  /** The run that one of these alerts has started. */
  runOfAlerts(model: LockedModel, alerts: readonly string[]): Promise<string | undefined>;
  addRun(model: LockedModel, run: NewRun): Promise<void>;
  lockedRun(
    model: LockedModel,
    run: string,
  ): Promise<(Run & { readonly owner: string; readonly heartbeat: number }) | undefined>;
  /** Ends a run, whoever owns it. */
  endRun(run: string, change: StepChange): Promise<void>;
  requestCancel(run: string): Promise<void>;
  /** Keeps a text for a model and a name. @returns whether it differs from the one before */
  mark(model: LockedModel, name: string, value: string): Promise<boolean>;
  /** The text kept so. */
  lockedMark(model: LockedModel, name: string): Promise<string | undefined>;
}

/** The port. */
export interface RetrainingStore extends RetrainingReading {
  /** Runs a change; it may run more than once and must do nothing but write. */
  transaction<Result>(work: (writing: RetrainingWriting) => Promise<Result>): Promise<Result>;
  /** Writes a step of a run down, if it is still this owner's and goes on. @param at epoch ms */
  step(run: string, owner: string, change: StepChange, at: number): Promise<Pulse>;
  /** Says that the owner is there, and keeps what was printed meanwhile. @param at epoch ms */
  beat(run: string, owner: string, at: number, log: string | undefined): Promise<Pulse>;
  /** Keeps the hash of the token of a run's callback; null takes it away. */
  setCallbackHash(run: string, hash: string | null): Promise<void>;
}
