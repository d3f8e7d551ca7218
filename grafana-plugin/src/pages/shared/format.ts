import { formattedValueToString, getValueFormat } from '@grafana/data';

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
