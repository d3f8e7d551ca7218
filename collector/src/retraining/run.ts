/** Runs of retraining: the words, and what can be asked for. Field names are those of the HTTP API. */
import type { Actor, Json } from '../audit/audit-event.ts';
import type { Act, Page } from '../registry/model-version.ts';
import type { PageQuery } from '../registry/registry-store.ts';

/** What may start a run. */
export const TRIGGERS = ['alert', 'accuracy', 'drift', 'feedback', 'schedule', 'operator'] as const;
/** One of them. */
export type TriggerName = (typeof TRIGGERS)[number];

/** How a run, or the wish for one, ends. */
export const RESULTS = ['succeeded', 'failed', 'cancelled', 'interrupted', 'refused'] as const;
/** One of them. */
export type RunResult = (typeof RESULTS)[number];

/** States of a run that goes on, in their order; `promoting` and `experiment` are ways to follow up. */
export const WORKING = ['queued', 'exporting', 'training', 'validating', 'saving', 'promoting', 'experiment'] as const;
/** States of a run that is over. */
export const ENDED = ['succeeded', 'failed', 'cancelled', 'interrupted'] as const;
/** A state of a run. */
export type RunState = (typeof WORKING)[number] | (typeof ENDED)[number];

/** One step of a run, durable before its work begins. */
export interface RunStep {
  readonly state: RunState;
  /** RFC 3339. */
  readonly at: string;
  readonly reason: string | null;
  /** What is known by then: rows, metrics, gates. */
  readonly evidence: Json;
}

/** A run as lists show it. */
export interface RunSummary {
  readonly run: string;
  readonly model: string;
  readonly trigger: TriggerName;
  /** Why it was started. */
  readonly reason: string;
  readonly actor: Actor;
  readonly state: RunState;
  readonly startedAt: string;
  readonly updatedAt: string;
  readonly endedAt: string | null;
  /** Why it is in this state, in one sentence; null while there is nothing to say. */
  readonly outcome: string | null;
  /** Version in production when it started; null without one. */
  readonly incumbent: string | null;
  /** Version that was saved; null before that. */
  readonly version: string | null;
  readonly policyRevision: number;
}

/** A run in full. */
export interface Run extends RunSummary {
  readonly steps: readonly RunStep[];
  /** The end of what the trainer and the predictor printed, secrets masked. */
  readonly log: string;
  readonly cancelRequested: boolean;
}

/** Why a run is not started. */
export const REFUSALS = ['no_trainer', 'running', 'cooldown', 'budget', 'switched_off'] as const;
/** A refusal as programs and people read it. */
export interface Refusal {
  readonly code: (typeof REFUSALS)[number];
  readonly message: string;
  /** When it may be asked again, RFC 3339; null where time alone changes nothing. */
  readonly until: string | null;
}

/** What a trigger says now. */
export interface TriggerReading {
  readonly trigger: TriggerName;
  /** Whether the policy listens to it. */
  readonly on: boolean;
  /** Measured, and what it takes; null where there is nothing to measure. */
  readonly value: number | string | null;
  readonly need: number | string | null;
  /** Rows or windows it rests on. */
  readonly n: number | null;
  /** Whether it would start a run. */
  readonly met: boolean;
  readonly why: string;
}

/** The dry run: what would happen now, and why. */
export interface Plan {
  readonly model: string;
  readonly at: string;
  /** `start`: a trigger is met and nothing is against it; `refuse`: met, but something is; `wait`: none is met. */
  readonly would: 'start' | 'refuse' | 'wait';
  readonly why: string;
  /** The trigger that would start it. */
  readonly trigger: TriggerName | null;
  /** What an operator who asks now would be told; null: it would be started. */
  readonly refusal: Refusal | null;
  readonly triggers: readonly TriggerReading[];
  readonly cooldown: { readonly hours: number; readonly secondsLeft: number; readonly until: string | null };
  readonly budget: { readonly perWeek: number; readonly used: number; readonly left: number };
  /** Id of the run that goes on. */
  readonly running: string | null;
  readonly then: Json;
}

/** What is asked for when a run is to start. */
export interface StartRequest {
  readonly trigger: TriggerName;
  readonly reason: string;
  /** What the trigger rests on, for the audit. */
  readonly evidence?: Json;
  /** Alerts that this run answers: each starts one run in its life. */
  readonly alerts?: readonly string[];
  /** An admin's decision to go on in spite of cooldown and budget. */
  readonly override?: boolean;
  /** The scheduled time that is due, epoch ms; each is judged once, by whichever replica comes first. */
  readonly due?: number;
  /** Told once for the same cause: triggers that stay met would be refused at every look. */
  readonly quiet?: boolean;
}

/** What became of it. `known`: an alert that has started this run before, or a scheduled time that was judged. */
export type StartAnswer =
  | { readonly outcome: 'started'; readonly run: Run }
  | { readonly outcome: 'known'; readonly run: string | null }
  | { readonly outcome: 'refused'; readonly refusal: Refusal };

/** Retraining as HTTP uses it. */
export interface Retraining {
  plan(model: string): Promise<Plan>;
  /** @throws PlumblineError `not_found` for an unknown model */
  start(model: string, request: StartRequest, act: Act): Promise<StartAnswer>;
  runs(model: string, page: PageQuery): Promise<Page<RunSummary>>;
  run(model: string, run: string): Promise<Run>;
  /** @throws PlumblineError `conflict` where it is over, or too far to be stopped */
  cancel(model: string, run: string, reason: string, act: Act): Promise<Run>;
}
