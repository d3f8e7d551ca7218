/** The dry run, from what is known: pure, and resting on the very rules that start runs. */
import { asJson } from '../audit/audit-event.ts';
import type { RetrainingPolicy } from '../lifecycle/retraining-policy.ts';
import { cooldownEnd, judgeStart, type RunHistory } from './judge-start.ts';
import { judgeTrigger, type Facts } from './judge-trigger.ts';
import { TRIGGERS, type Plan, type TriggerReading } from './run.ts';

/** Every trigger's word, in the order they are listened to. */
export function judgeTriggers(policy: RetrainingPolicy, facts: Facts): TriggerReading[] {
  return TRIGGERS.map((trigger) => judgeTrigger(trigger, policy, facts));
}

/** @param now epoch ms */
export function planOf(
  model: string,
  policy: RetrainingPolicy,
  { facts, history }: { readonly facts: Facts; readonly history: RunHistory },
  now: number,
): Plan {
  const triggers = judgeTriggers(policy, facts);
  const met = triggers.find((reading) => reading.met);
  const refusal = judgeStart(policy, history, now);
  const cool = cooldownEnd(policy, history, now);
  const used = history.starts.length;
  const would = met === undefined ? 'wait' : refusal === null ? 'start' : 'refuse';
  return {
    ...{ model, at: new Date(now).toISOString(), would, trigger: met?.trigger ?? null, refusal, triggers },
    why: whyOf(met, refusal?.message),
    cooldown: {
      hours: policy.cooldownHours,
      secondsLeft: cool === null ? 0 : (cool - now) / 1_000,
      until: cool === null ? null : new Date(cool).toISOString(),
    },
    budget: { perWeek: policy.runsPerWeek, used, left: Math.max(0, policy.runsPerWeek - used) },
    running: history.running,
    then: asJson(policy.then),
  };
}

function whyOf(met: TriggerReading | undefined, against: string | undefined): string {
  if (met === undefined) return against === undefined ? 'No trigger is met.' : `No trigger is met. ${against}`;
  const cause = `The trigger ${met.trigger} is met: ${met.why}`;
  return against === undefined ? cause : `${cause} ${against}`;
}
