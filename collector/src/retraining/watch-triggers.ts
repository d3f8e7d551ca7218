/** The chore that starts runs by themselves: what the policy listens to is measured, judged by the rule of the dry run, and asked for. */
import { asJson } from '../audit/audit-event.ts';
import { policyOf } from '../lifecycle/policy.ts';
import type { RetrainingPolicy } from '../lifecycle/retraining-policy.ts';
import { BY_POLICY } from './follow-up.ts';
import { WEEK } from './judge-start.ts';
import { judgeTriggers } from './plan.ts';
import { factsOf, type FactSources } from './readings.ts';
import type { RetrainingStore } from './retraining-store.ts';
import type { Retraining, TriggerReading } from './run.ts';
import { SCHEDULE_MARK } from './start-run.ts';

/** What the chore works with. */
export interface TriggerWatch {
  readonly store: RetrainingStore;
  readonly facts: Omit<FactSources, 'store'>;
  readonly retraining: Pick<Retraining, 'start'>;
  /** Epoch ms. */
  readonly now: () => number;
  readonly onError: (error: unknown, what: string) => void;
}

/** Looks once at every model that has a trainer. One that cannot be looked at does not keep the others from it. */
export async function watchTriggers(watch: TriggerWatch): Promise<void> {
  for (const { model, changes } of await watch.store.policies()) {
    const policy = policyOf(changes).retraining;
    if (policy.trainer === null) continue;
    try {
      await look(watch, model, policy);
    } catch (error) {
      watch.onError(error, `the triggers of "${model}" could not be judged`);
    }
  }
}

async function look(watch: TriggerWatch, model: string, policy: RetrainingPolicy): Promise<void> {
  const { store, facts: sources, now } = watch;
  await beginSchedule(watch, model, policy);
  const history = await store.history(model, now() - WEEK);
  // While one runs, a trigger that stays met is no wish for another.
  if (history.running !== null) return;
  const facts = await factsOf({ ...sources, store }, { model, policy, lastStart: history.lastStart, now: now() });
  const due = facts.schedule?.due ?? null;
  for (const reading of judgeTriggers(policy, facts).filter(({ met }) => met)) {
    const answer = await watch.retraining.start(model, requestOf(reading, due), BY_POLICY);
    if (answer.outcome === 'started') return;
  }
}

function requestOf(reading: TriggerReading, due: number | null) {
  const { trigger, why } = reading;
  const request = { trigger, reason: why, evidence: asJson(reading), quiet: true };
  return trigger === 'schedule' && due !== null ? { ...request, due, quiet: false } : request;
}

/** A schedule counts from when it was first seen: what lies before is not made up for. */
async function beginSchedule({ store, now }: TriggerWatch, model: string, policy: RetrainingPolicy): Promise<void> {
  const { schedule } = policy.triggers;
  if (schedule === null || (await store.markOf(model, SCHEDULE_MARK)) !== undefined) return;
  await store.transaction(async (writing) => {
    const locked = await writing.lockModel(model);
    if (locked && (await writing.lockedMark(locked, SCHEDULE_MARK)) === undefined)
      await writing.mark(locked, SCHEDULE_MARK, String(now()));
  });
}
