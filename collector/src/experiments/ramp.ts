/** Weights that change by a plan. */
import { checkNumber, checkRecords, refused } from '../distribution/arguments.ts';
import type { Share } from './target-buckets.ts';

/** From this time on, these weights. */
export interface RampStep {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly shares: readonly Share[];
}

/** Steps in the order of time. */
export type RampSchedule = readonly RampStep[];

/**
 * The weights at a time: those of the last step whose time has come; undefined before the first. A step's time itself belongs to it.
 * Cost: O(steps). @throws PlumblineError `invalid_request` naming the step whose time is none or not after the one before
 */
export function weightsAt(schedule: RampSchedule, now: number): readonly Share[] | undefined {
  checkRamp(schedule);
  checkNumber(now, 'now');
  return schedule.findLast(({ at }) => at <= now)?.shares;
}

/** When the weights change next; undefined after the last step. */
export function nextStepAt(schedule: RampSchedule, now: number): number | undefined {
  checkRamp(schedule);
  return schedule.find(({ at }) => at > now)?.at;
}

/** @throws PlumblineError `invalid_request` */
export function checkRamp(schedule: RampSchedule): void {
  checkRecords(schedule, 'ramp');
  schedule.forEach(({ at }, index) => {
    const before = index === 0 ? Number.NEGATIVE_INFINITY : (schedule[index - 1] as RampStep).at;
    if (!(Number.isFinite(at) && at > before))
      throw refused(`ramp[${index}].at`, 'a time after the step before', 'Give the steps in the order of their times.');
  });
}
