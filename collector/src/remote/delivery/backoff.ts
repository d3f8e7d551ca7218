/** How long to wait before the next attempt. */

/** First ceiling, in milliseconds; it doubles with each attempt. */
const FIRST = 500;
const LONGEST = 30_000;
/** A refused token or a wrong address is put right by people. */
const REFUSED = 60_000;
/** A collector that asks for more is asked again after this; it may have meant it, but nobody would notice. */
const LONGEST_ASKED = 600_000;

/**
 * Full jitter: anything from 0 to a ceiling that doubles from 0.5 s to 30 s, so that replicas that lost the collector together do not
 * come back together.
 * @param attempt failed ones so far, from 1
 * @param random from 0 to 1
 */
export function backoffDelay(attempt: number, random: number): number {
  return random * Math.min(LONGEST, FIRST * 2 ** (attempt - 1));
}

/** After a refusal: 30 to 60 s. */
export function refusedDelay(random: number): number {
  return REFUSED * (0.5 + random / 2);
}

/**
 * Milliseconds that a `Retry-After` header asks for, at most ten minutes; undefined when it says nothing that can be read.
 * @param now epoch milliseconds
 */
export function retryAfter(header: string | null, now: number): number | undefined {
  const text = header?.trim();
  if (!text) return undefined;
  const wait = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isNaN(wait) ? undefined : Math.min(LONGEST_ASKED, Math.max(0, wait));
}
