/** Stages, gates, policies: the words of the lifecycle, and what it can be asked for. Field names are those of the HTTP API. */
import type { Actor, Json } from '../audit/audit-event.ts';
import type { Act, Page, Stage, Version } from '../registry/model-version.ts';
import type { RetrainingChanges, RetrainingPolicy } from './retraining-policy.ts';

/** One measure a version must reach. */
export interface Gate {
  /** `accuracy`, `stability`, `f1_weighted`, `r2`, `mae`, `rmse`, `roc_auc`, … */
  readonly metric: string;
  /** At least this (`min`) or at most this (`max`): errors are gated from above. */
  readonly min?: number;
  readonly max?: number;
}

/** Policy of one model, as data. */
export interface Policy {
  readonly model: string;
  /** Grows with each change. */
  readonly revision: number;
  readonly gates: { readonly staging: readonly Gate[]; readonly production: readonly Gate[] };
  /** What evidence must be like. */
  readonly evidence: {
    /** Days back from now. */
    readonly windowDays: number;
    /** Labelled predictions at least. */
    readonly minimum: number;
    /** `store`: what this service joined; `prometheus`: embedded monitors count. */
    readonly source: 'store' | 'prometheus';
  };
  /** `ml_threshold` by metric and severity; absent ones keep the defaults of the rules. */
  readonly thresholds: Readonly<Record<string, { readonly critical?: number; readonly warning?: number }>>;
  /** Days: predictions and raw features are kept so long, joined outcomes as hourly counts after that. */
  readonly retentionDays: number;
  /** Seconds after which a label counts as late, and after which a prediction without one has expired. */
  readonly labelDeadlineSeconds: number;
  readonly labelExpirySeconds: number;
  /** Argument array that runs a version on data, DESIGN §6; none by default. */
  readonly predictCommand: readonly string[] | null;
  readonly retraining: RetrainingPolicy;
}

/** What `setPolicy` changes: what is named. */
export type PolicyChange = Partial<Omit<Policy, 'model' | 'gates' | 'evidence' | 'retraining'>> & {
  readonly gates?: Partial<Policy['gates']>;
  readonly evidence?: Partial<Policy['evidence']>;
  readonly retraining?: RetrainingChanges;
};

/** What a gate found. */
export interface GateResult {
  readonly metric: string;
  readonly need: number;
  /** `at_least` or `at_most` the need. */
  readonly direction: 'at_least' | 'at_most';
  readonly value: number | null;
  readonly n: number;
  readonly met: boolean;
  /** Where the value comes from: `live` traffic, traffic it saw as a `shadow` alone, `validation` metrics of the version, `prometheus`. */
  readonly source: 'live' | 'shadow' | 'validation' | 'prometheus' | null;
  /** Why it is not met, in one sentence. */
  readonly why: string | null;
}

/** One move between stages, as it happened. */
export interface Transition {
  readonly model: string;
  readonly version: string;
  readonly from: Stage;
  readonly to: Stage;
  readonly kind: 'promoted' | 'rolled_back' | 'deprecated' | 'overridden';
  readonly at: string;
  readonly actor: Actor;
  readonly reason: string;
  readonly evidence: Json;
}

/** Which version was in production at a time, and why. */
export interface LiveAnswer {
  readonly model: string;
  readonly at: string;
  readonly version: string | null;
  /** The move that put it there; null without a version. */
  readonly transition: Transition | null;
  /** RFC 3339; until null while it is live still. */
  readonly since: string | null;
  readonly until: string | null;
}

/** The lifecycle as HTTP uses it. */
export interface Lifecycle {
  policy(model: string): Promise<Policy>;
  /** Replaces what is named, keeps the rest. `revision`, where given, must be the current one, else `conflict`. */
  setPolicy(model: string, change: PolicyChange, act: Act): Promise<Policy>;
  /** What the gates of a move would say now; nothing is changed. */
  gates(model: string, version: string, to: Stage): Promise<readonly GateResult[]>;
  /** @throws PlumblineError `gate_not_met` (its `details` hold `gates`), `transition_not_allowed`, `conflict` */
  transition(
    model: string,
    version: string,
    move: { readonly to: Stage; readonly reason: string; readonly override: boolean },
    act: Act,
  ): Promise<Version>;
  rollback(model: string, move: { readonly to: string; readonly reason: string }, act: Act): Promise<Version>;
  transitions(model: string, page: { readonly after?: string; readonly limit: number }): Promise<Page<Transition>>;
  live(model: string, at: number): Promise<LiveAnswer>;
}
