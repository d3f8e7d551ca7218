import { formattedValueToString, getValueFormat } from '@grafana/data';

/** A share as people write it: `70.4%`. */
export function formatShare(share: number): string {
  return formattedValueToString(getValueFormat('percentunit')(share, 1));
}

/** A number of things, grouped by thousands. Prometheus estimates increases, so counts arrive with fractions. */
export function formatCount(count: number): string {
  return formattedValueToString(getValueFormat('locale')(Math.round(count), 0));
}

/** A statistic between 0 and 1, in the precision its limit has a meaning in; a dash where there is none. */
export function formatStatistic(value: number | undefined): string {
  return value?.toFixed(3) ?? '–';
}
