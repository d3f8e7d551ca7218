import { dateTimeFormat, formattedValueToString, getValueFormat } from '@grafana/data';

/** Stands where Prometheus has no value. */
export const NO_VALUE = '–';

/** A share as people write it: `70.4%`. */
export function formatShare(share: number): string {
  return formattedValueToString(getValueFormat('percentunit')(share, 1));
}

/** A number of things, grouped by thousands. Prometheus estimates increases, so counts arrive with fractions. */
export function formatCount(count: number | undefined): string {
  return count === undefined ? NO_VALUE : formattedValueToString(getValueFormat('locale')(Math.round(count), 0));
}

/** A statistic between 0 and 1, in the precision its limit has a meaning in. */
export function formatStatistic(value: number | undefined): string {
  return value?.toFixed(3) ?? NO_VALUE;
}

/** A moment in the time zone Grafana is set to: `2026-11-25 01:36:05`. */
export function formatMoment(moment: string | number): string {
  return dateTimeFormat(typeof moment === 'number' ? moment : Date.parse(moment));
}

/** A metric's value in four digits, which tell any two versions apart that differ in a way that counts. */
export function formatMetric(value: number | null | undefined): string {
  return value === null || value === undefined ? NO_VALUE : String(Number(value.toPrecision(4)));
}

/** A size as people write it: `1.2 MiB`. */
export function formatBytes(bytes: number): string {
  return formattedValueToString(getValueFormat('bytes')(bytes));
}

/** The beginning of a digest, long enough to compare by eye. */
export function shortDigest(digest: string | null): string {
  return digest === null ? NO_VALUE : digest.replace(/^sha256:/, '').slice(0, 12);
}
