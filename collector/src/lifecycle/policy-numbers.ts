/** Checks of numbers in a policy. */
import { invalid } from '../registry/version-checks.ts';

/** @throws PlumblineError `invalid_request` naming the field and the range */
export function number(
  value: unknown,
  field: string,
  low = Number.NEGATIVE_INFINITY,
  high = Number.POSITIVE_INFINITY,
): void {
  if (typeof value === 'number' && Number.isFinite(value) && value >= low && value <= high) return;
  const [from, to] = [
    Number.isFinite(low) ? `, at least ${low}` : '',
    Number.isFinite(high) ? `, at most ${high}` : '',
  ];
  throw invalid(`${field}: expected a number${from}${to}`);
}

/** @throws PlumblineError `invalid_request` naming the field and the range */
export function whole(value: unknown, field: string, low: number, high: number): void {
  number(value, field, low, high);
  if (!Number.isInteger(value)) throw invalid(`${field}: expected a whole number`);
}
