/** What the service changes in a running experiment by itself: steps of a ramp, a bandit's weights, an arm that broke a guardrail. */
import { asJson, SERVICE_ACTOR, type AuditEntry } from '../audit/audit-event.ts';
import { banditWeights, type BanditArm } from '../experiments/bandit.ts';
import type { GuardrailReading } from '../experiments/guardrail.ts';
import { auditEntry, type EntryFacts } from '../registry/audit-entries.ts';
import { reweigh, stopArm, takeRampSteps } from './course.ts';
import type { StoredExperiment } from './experiment-store.ts';
import { stateFacts } from './put-experiment.ts';

/** An experiment as it is after a change, and what is to be audited. */
export interface Adjustment {
  readonly after: StoredExperiment;
  readonly entries: readonly AuditEntry[];
}

/** A change of a running experiment; undefined where there is nothing to change (any more: another replica may have been faster). */
export type Adjust = (experiment: StoredExperiment, now: number) => Adjustment | undefined;

const ACT = { actor: SERVICE_ACTOR, requestId: null };
const SECOND = 1_000;

/** Takes the steps of the ramp that are due. */
export const followRamp: Adjust = (before, now) => {
  const after = takeRampSteps(before, now);
  return after && adjusted(before, after, `Step ${after.course.rampSteps} of the ramp.`);
};

/** Draws the weights of a bandit where it is time; an arm that was stopped stays at 0. */
export function followBandit(beliefs: readonly BanditArm[]): Adjust {
  return (before, now) => {
    const { rules, course } = before;
    if (rules.bandit === null || now - (course.drawnAt ?? 0) < rules.bandit.everySeconds * SECOND) return undefined;
    const stopped = new Set(course.stopped.map(({ version }) => version));
    const playing = beliefs.filter(({ version }) => !stopped.has(version));
    if (playing.length === 0) return undefined;
    const options = { floor: rules.bandit.floor, largest: rules.metric !== 'mae' };
    const drawn = new Map(banditWeights(playing, options).map(({ version, weight }) => [version, weight]));
    const arms = rules.arms.map(({ version }) => ({ version, weight: drawn.get(version) ?? 0 }));
    const after = reweigh({ ...before, course: { ...course, drawnAt: now } }, arms, 'bandit', now);
    // Weights that move no bucket are nothing to tell.
    if (after.epoch?.number === before.epoch?.number) return { after, entries: [] };
    return adjusted(before, after, 'The bandit drew its weights anew.');
  };
}

/** Takes the weight of an arm that broke a guardrail. */
export function followGuardrail(reading: GuardrailReading): Adjust {
  return (before, now) => {
    const { version } = reading;
    const weight = before.rules.arms.find((arm) => arm.version === version)?.weight ?? 0;
    if (weight === 0) return undefined;
    const after = stopArm(before, version, { why: `${reading.reason}.`, cause: 'guardrail', now });
    const facts = {
      model: before.model,
      subject: before.name,
      reason: `${reading.reason}.`,
      evidence: asJson(reading),
    };
    const states = { before: stateFacts(before), after: stateFacts(after) };
    const entries = [auditEntry('experiment.guardrail', ACT, { ...facts, ...states })];
    return { after, entries: [...entries, ...pausedEntry(before, after, facts)] };
  };
}

function adjusted(before: StoredExperiment, after: StoredExperiment, reason: string): Adjustment {
  const facts = { model: before.model, subject: before.name, reason };
  const rules = { before: asJson(before.rules), after: asJson(after.rules) };
  const changed = auditEntry('experiment.changed', ACT, { ...facts, ...rules });
  return { after, entries: [changed, ...pausedEntry(before, after, facts)] };
}

/** Where nobody is left to take traffic. */
function pausedEntry(before: StoredExperiment, after: StoredExperiment, facts: EntryFacts): AuditEntry[] {
  if (after.state === before.state) return [];
  const states = { before: stateFacts(before), after: stateFacts(after) };
  return [auditEntry('experiment.paused', ACT, { ...facts, ...states })];
}
