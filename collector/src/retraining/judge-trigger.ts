/** What each trigger says: one rule for the dry run and for the chore that starts runs. */
import type { RetrainingPolicy } from '../lifecycle/retraining-policy.ts';
import type { Verdict } from '../drift/verdict-names.ts';
import type { TriggerName, TriggerReading } from './run.ts';

/** What was measured; a part that was not asked for is undefined, and one that cannot be had says why. */
export interface Facts {
  readonly accuracy?: { readonly value: number | null; readonly n: number } | { readonly unknown: string };
  readonly drift?:
    | {
        /** Of the last three windows. */
        readonly verdict: Verdict;
        readonly drifted: number;
        readonly windows: number;
        /** Share of the features that drifted in the last one; null without any that could be judged. */
        readonly share: number | null;
      }
    | { readonly unknown: string };
  /** Predictions with accepted feedback since the last run. */
  readonly feedback?: number | { readonly unknown: string };
  /** The scheduled time that is due, and the next one, epoch ms. */
  readonly schedule?: { readonly due: number | null; readonly next: number | null };
}

/** Judges one trigger. An alert and an operator have nothing to measure: they are met when they come. */
export function judgeTrigger(trigger: TriggerName, { triggers }: RetrainingPolicy, facts: Facts): TriggerReading {
  switch (trigger) {
    case 'accuracy':
      return triggers.accuracy ? judgeAccuracy(triggers.accuracy, facts.accuracy) : off(trigger);
    case 'drift':
      return triggers.drift ? judgeDrift(triggers.drift, facts.drift) : off(trigger);
    case 'feedback':
      return triggers.feedback ? judgeFeedback(triggers.feedback, facts.feedback) : off(trigger);
    case 'schedule':
      return triggers.schedule ? judgeSchedule(triggers.schedule, facts.schedule) : off(trigger);
    case 'alert':
      return triggers.alert
        ? waiting(trigger, 'Comes as a firing alert with action=retrain (POST /v1/alerts).')
        : off(trigger);
    case 'operator':
      return waiting(trigger, 'Comes from an operator (POST …/retraining).');
  }
}

function judgeAccuracy(
  { below, minimum, windowDays }: NonNullable<RetrainingPolicy['triggers']['accuracy']>,
  fact: Facts['accuracy'],
): TriggerReading {
  const base = { trigger: 'accuracy', on: true, need: below } as const;
  if (fact === undefined || 'unknown' in fact) return { ...base, ...unmeasured(fact?.unknown) };
  const { value, n } = fact;
  const known = { ...base, value, n };
  if (value === null) return { ...known, met: false, why: `There is no accuracy of the last ${windowDays} days.` };
  if (n < minimum) return { ...known, met: false, why: `It rests on ${n} labels; ${minimum} are needed.` };
  const met = value < below;
  return { ...known, met, why: `${shown(value)} on ${n} labels is ${met ? '' : 'not '}below ${below}.` };
}

function judgeDrift(
  { share: need }: NonNullable<RetrainingPolicy['triggers']['drift']>,
  fact: Facts['drift'],
): TriggerReading {
  const base = { trigger: 'drift', on: true, need } as const;
  if (fact === undefined || 'unknown' in fact) return { ...base, ...unmeasured(fact?.unknown) };
  const { verdict, drifted, windows, share } = fact;
  const met = verdict === 'drifted' && share !== null && share >= need;
  const part = share === null ? 'no feature could be judged' : `${shown(share)} of the features in the last one`;
  const why = `${drifted} of the last ${windows} windows drifted, ${part}; it takes 2 of 3 and a share of ${need}.`;
  return { ...base, value: share, n: windows, met, why };
}

function judgeFeedback(
  { count }: NonNullable<RetrainingPolicy['triggers']['feedback']>,
  fact: Facts['feedback'],
): TriggerReading {
  const base = { trigger: 'feedback', on: true, need: count } as const;
  if (typeof fact !== 'number') return { ...base, ...unmeasured(fact?.unknown) };
  const why = `${fact} predictions got accepted feedback since the last run; it takes ${count}.`;
  return { ...base, value: fact, n: fact, met: fact >= count, why };
}

function judgeSchedule(
  { cron, timeZone }: NonNullable<RetrainingPolicy['triggers']['schedule']>,
  { due, next }: NonNullable<Facts['schedule']> = { due: null, next: null },
): TriggerReading {
  const at = (time: number) => new Date(time).toISOString();
  const why =
    due !== null
      ? `It was due at ${at(due)}.`
      : next !== null
        ? `The next time is ${at(next)}.`
        : 'It has no next time.';
  const value = due === null ? next && at(next) : at(due);
  return { trigger: 'schedule', on: true, value, need: `${cron} ${timeZone}`, n: null, met: due !== null, why };
}

function off(trigger: TriggerName): TriggerReading {
  return { ...waiting(trigger, 'The policy switches it off.'), on: false };
}

function waiting(trigger: TriggerName, why: string): TriggerReading {
  return { trigger, on: true, value: null, need: null, n: null, met: false, why };
}

function unmeasured(why = 'It was not measured.') {
  return { value: null, n: null, met: false, why } as const;
}

function shown(value: number): string {
  return String(Number(value.toPrecision(4)));
}
