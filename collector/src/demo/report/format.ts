/** Numbers as people read them. */

const NONE = '–';

/** A share or score with four digits. */
export function ratio(value: number | null | undefined): string {
  return value === null || value === undefined ? NONE : value.toFixed(4);
}

/** A number of any size with five digits. */
export function amount(value: number | null | undefined): string {
  return value === null || value === undefined ? NONE : String(Number(value.toPrecision(5)));
}

/** A 95 % interval. */
export function interval(low: number | null | undefined, high: number | null | undefined, show = ratio): string {
  return typeof low === 'number' && typeof high === 'number' ? `${show(low)} to ${show(high)}` : NONE;
}

/** A share in per cent. */
export function percent(value: number | null): string {
  return value === null ? NONE : `${(100 * value).toFixed(1)} %`;
}

/** A whole number with separators. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** A p-value; tiny ones as a bound, since their digits mean nothing. */
export function pValue(value: number | null | undefined): string {
  if (value === null || value === undefined) return NONE;
  return value < 0.0001 ? '< 0.0001' : value.toFixed(4);
}

/** A time span in seconds, rounded to what matters. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
