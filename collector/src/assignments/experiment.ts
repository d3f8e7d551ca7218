/** Experiments: the words of the room. Field names are those of the HTTP API. */

/** Where an experiment stands. Only a running one divides traffic; an ended one never runs again. */
export const STATES = ['draft', 'running', 'paused', 'ended'] as const;
/** One of them. */
export type ExperimentState = (typeof STATES)[number];

/** How traffic is divided: by weights that people set, or by a bandit that moves them to what does better. */
export const MODES = ['weights', 'bandit'] as const;
/** One of them. */
export type ExperimentMode = (typeof MODES)[number];

/** What arms are compared by. */
export const COMPARED_BY = ['accuracy', 'f1_weighted', 'mae'] as const;
/** One of them. */
export type ComparedBy = (typeof COMPARED_BY)[number];

/** A version that takes part, and its weight: any number from 0 on, the share is its part of the sum. */
export interface Arm {
  readonly version: string;
  readonly weight: number;
}

/** A step of a ramp: these weights once the experiment has run so long. Arms that are not named have 0. */
export interface RampStep {
  /** Seconds the experiment has run; paused time does not count. */
  readonly afterSeconds: number;
  readonly weights: Readonly<Record<string, number>>;
}

/** What an arm may be watched for. */
export const GUARDED = ['accuracy', 'f1_weighted', 'mae', 'latency_p50', 'latency_p95', 'latency_p99'] as const;

/**
 * A bound no arm may cross: `limit` or `margin`, not both. It is judged by a sequence that holds at all times at once, so that looking every
 * few seconds trips nothing by chance.
 */
export interface GuardrailRule {
  readonly metric: (typeof GUARDED)[number];
  /** The worst value an arm may have: 0.7 of accuracy, 0.2 (seconds) of a latency. */
  readonly limit?: number;
  /** How much worse than the control an arm may be; of a latency the factor, 1.25 for a quarter more. The control has no margin to keep. */
  readonly margin?: number;
}

/** How a bandit moves weights. */
export interface BanditRules {
  /** No arm gets a smaller share than this, so that each is measured still; at most 1 / arms. */
  readonly floor: number;
  /** Weights are drawn anew after so many seconds. */
  readonly everySeconds: number;
}

/** What is decided about an experiment. */
export interface ExperimentRules {
  readonly description: string;
  readonly mode: ExperimentMode;
  readonly metric: ComparedBy;
  /** The arm the others are compared with. */
  readonly control: string;
  /** In the order they were given. */
  readonly arms: readonly Arm[];
  /** Versions that predict and record, and never answer. */
  readonly shadows: readonly string[];
  /** In the order of time; empty for none. */
  readonly ramp: readonly RampStep[];
  readonly guardrails: readonly GuardrailRule[];
  /** Only where the mode is `bandit`. */
  readonly bandit: BanditRules | null;
  /** Predictions of a key count that arrive within so many seconds of its first one; 0 for the first alone. */
  readonly keyWindowSeconds: number;
  /** A label is waited for so long since its prediction; after that the prediction enters the comparison without one. */
  readonly labelWaitSeconds: number;
}

/** A stretch of time in which keys were divided in one way. */
export interface Epoch {
  /** 1, 2, 3 … */
  readonly number: number;
  /** RFC 3339; until null while it lasts. */
  readonly since: string;
  readonly until: string | null;
  readonly weights: Readonly<Record<string, number>>;
  /** Buckets from `start` on and before `end`, of 10,000. */
  readonly allocation: readonly AllocatedRange[];
  /** Why it began: `started`, `resumed`, `weights`, `ramp`, `bandit`, `guardrail`, `withdrawn`. */
  readonly cause: EpochCause;
}

/** Why an epoch began. */
export type EpochCause = 'started' | 'resumed' | 'weights' | 'ramp' | 'bandit' | 'guardrail' | 'withdrawn';

/** Buckets of a version. */
export interface AllocatedRange {
  readonly version: string;
  readonly start: number;
  readonly end: number;
}

/** An arm whose weight went to 0 and stays there until somebody gives it another. */
export interface Stopped {
  readonly version: string;
  /** RFC 3339. */
  readonly at: string;
  /** One sentence. */
  readonly why: string;
}

/** An experiment as it is stored. */
export interface Experiment extends ExperimentRules {
  readonly model: string;
  readonly experiment: string;
  readonly state: ExperimentState;
  /** Made once: keys keep their buckets for as long as the experiment lasts. */
  readonly salt: string;
  /** Grows with each change. */
  readonly revision: number;
  readonly createdAt: string;
  /** When it first ran, and when it ended; null before. */
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  /** The epoch that lasts, or the last there was; null before the first start. */
  readonly epoch: Epoch | null;
  readonly stopped: readonly Stopped[];
}

/** What can be asked for: what is named is set, the rest stays (or is the default, where the experiment is made). */
export interface ExperimentChange extends Partial<ExperimentRules> {
  readonly state?: ExperimentState;
  /** Why; a change of the state needs one. */
  readonly reason?: string;
  /** The change is refused (`conflict`) where this is not the current one. */
  readonly revision?: number;
}
