/** Whether a run may start now: one rule for the dry run and for the real one. */
import type { RetrainingPolicy } from '../lifecycle/retraining-policy.ts';
import type { Refusal } from './run.ts';

/** What is known of a model's runs. */
export interface RunHistory {
  /** Id of the run that goes on. */
  readonly running: string | null;
  /** Start of the last run that counts, epoch ms: one that was cancelled or cut off does not. */
  readonly lastStart: number | null;
  /** Starts of the runs that count, of the last seven days. */
  readonly starts: readonly number[];
}

/** Milliseconds of the budget's week. */
export const WEEK = 7 * 86_400_000;
const HOUR = 3_600_000;

/** When the cooldown ends, epoch ms; null where nothing cools down. */
export function cooldownEnd(
  { cooldownHours }: Pick<RetrainingPolicy, 'cooldownHours'>,
  { lastStart }: Pick<RunHistory, 'lastStart'>,
  now: number,
): number | null {
  const end = lastStart === null ? now : lastStart + cooldownHours * HOUR;
  return end > now ? end : null;
}

/** @returns what is against a run; null where nothing is. @param override past cooldown and budget */
export function judgeStart(
  policy: RetrainingPolicy,
  history: RunHistory,
  now: number,
  override = false,
): Refusal | null {
  if (policy.trainer === null)
    return refusal('no_trainer', 'The policy of the model names no trainer (retraining.trainer).');
  if (history.running !== null) return refusal('running', `Run ${history.running} is under way; one runs at a time.`);
  if (override) return null;
  const cool = cooldownEnd(policy, history, now);
  if (cool !== null) {
    const message = `The cooldown of ${policy.cooldownHours} h lasts until ${new Date(cool).toISOString()}.`;
    return refusal('cooldown', message, cool);
  }
  if (history.starts.length < policy.runsPerWeek) return null;
  const message = `${history.starts.length} runs were started in the last seven days; the policy allows ${policy.runsPerWeek}.`;
  return refusal('budget', message, policy.runsPerWeek === 0 ? null : freed(policy.runsPerWeek, history.starts));
}

/** When so many of the starts are older than a week that there is room for one. */
function freed(perWeek: number, starts: readonly number[]): number {
  const sorted = [...starts].sort((a, b) => a - b);
  return (sorted[sorted.length - perWeek] as number) + WEEK;
}

function refusal(code: Refusal['code'], message: string, until: number | null = null): Refusal {
  return { code, message, until: until === null ? null : new Date(until).toISOString() };
}
