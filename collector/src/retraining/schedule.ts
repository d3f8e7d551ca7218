/** Times of a cron expression. */
import { Cron } from 'croner';

/** A cron expression in a time zone. */
export interface Schedule {
  readonly cron: string;
  readonly timeZone: string;
}

/**
 * The last scheduled time after `since` and at or before `now`, and the next one after it; epoch ms, null for none. After a long absence
 * only the last of the missed times counts: one run makes up for all. Cost: O(times missed), at most some 10,000, then from a day back.
 */
export function scheduled(
  { cron, timeZone }: Schedule,
  since: number,
  now: number,
): { due: number | null; next: number | null } {
  const job = new Cron(cron, { timezone: timeZone, paused: true });
  let due: number | null = null;
  let next = after(job, since);
  for (let count = 0; next !== null && next <= now; count++) {
    due = next;
    next = after(job, count < MOST ? next : Math.max(next, now - DAY));
  }
  return { due, next };
}

const MOST = 10_000;
const DAY = 86_400_000;

function after(job: Cron, time: number): number | null {
  return job.nextRun(new Date(time))?.getTime() ?? null;
}
