/** Times in a query. */
import { PlumblineError } from '../errors.ts';
import { toMilliseconds } from '../prediction.ts';

/**
 * Epoch milliseconds of RFC 3339 text or of digits.
 * @throws PlumblineError `invalid_request` naming the field
 */
export function queryTime(name: string, text: string, part: 'query' | 'body' = 'query'): number {
  const milliseconds = toMilliseconds(/^-?\d+$/.test(text) ? Number(text) : rfc3339(text));
  if (milliseconds !== undefined) return milliseconds;
  const help = 'Send RFC 3339 (2026-01-31T12:00:00Z) or epoch milliseconds.';
  throw new PlumblineError('invalid_request', `${part}.${name}: is no time.`, help);
}

/** `Date.parse` understands much that is no RFC 3339, in the local time zone. */
function rfc3339(text: string): string {
  return /^\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[Zz]|[+-]\d\d:\d\d))?$/.test(text) ? text : '';
}
