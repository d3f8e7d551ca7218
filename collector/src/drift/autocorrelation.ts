/** Dependence of rows that follow each other: where it is strong, p-values of the tests are too small. */

import { checkList } from '../distribution/arguments.ts';

/** What the order of the rows says. */
export interface SerialDependence {
  /** Correlation of neighbours, −1 to 1; null for fewer than 3 rows or a constant. */
  readonly lag1: number | null;
  /** Rows used. */
  readonly n: number;
  /** Independent rows that would say as much about the mean, n(1 − r)/(1 + r), at most n and at least 1; null with `lag1`. */
  readonly effective: number | null;
  /** Stretches of equal neighbours; numbers that never repeat give n. */
  readonly runs: number;
  /** Whether p-values mislead: `lag1` above 0.2 and above what independent rows show with probability 0.001. */
  readonly dependent: boolean;
}

/** From here effective rows are less than two thirds of all, and a nominal 1 % of false alarms becomes about 3 %. */
const STRONG = 0.2;
/** One-sided 0.999 quantile of the standard normal. */
const CERTAIN = 3.090232306167813;
const MIN_ROWS = 3;

/**
 * Lag-1 autocorrelation of a numeric window in arrival order (before it is sorted), about the mean.
 * The effective size assumes a first-order autoregression; longer memory makes it smaller still.
 * Values that are not finite are left out, and their neighbours count as neighbours; what is no list is refused (`invalid_request`).
 * Cost: O(n), no allocation per row.
 */
export function serialDependence(series: ArrayLike<number>): SerialDependence {
  checkList(series, 'series');
  let [n, mean, runs, last] = [0, 0, 0, Number.NaN];
  let scale = 0;
  for (let row = 0; row < series.length; row++) scale = Math.max(scale, magnitude(series[row] as number));
  for (let row = 0; row < series.length; row++) {
    const value = series[row] as number;
    if (!Number.isFinite(value)) continue;
    n++;
    if (value !== last) runs++;
    last = value;
    mean += (value / (scale || 1) - mean) / n;
  }
  let [squares, products, before] = [0, 0, 0];
  for (let row = 0; row < series.length; row++) {
    if (!Number.isFinite(series[row] as number)) continue;
    const centred = (series[row] as number) / (scale || 1) - mean;
    squares += centred * centred;
    products += centred * before;
    before = centred;
  }
  return conclude(n, runs, n >= MIN_ROWS && runs > 1 && squares > 0 ? products / squares : null);
}

/**
 * The same for categories in arrival order, given as codes: the chance-corrected agreement of neighbours
 * (agreement − Σ p²)/(1 − Σ p²), which is the lag-1 correlation where there are two categories.
 * Codes that are no whole number ≥ 0 are left out. Cost: O(n + categories).
 */
export function categoricalDependence(codes: ArrayLike<number>): SerialDependence {
  checkList(codes, 'codes');
  const counts = new Map<number, number>();
  let [n, runs, last] = [0, 0, -1];
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row] as number;
    if (!Number.isInteger(code) || code < 0) continue;
    n++;
    if (code !== last) runs++;
    last = code;
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  let chance = 0;
  for (const count of counts.values()) chance += (count / n) ** 2;
  const agreement = (n - runs) / (n - 1);
  return conclude(n, runs, n >= MIN_ROWS && runs > 1 ? (agreement - chance) / (1 - chance) : null);
}

function magnitude(value: number): number {
  return Number.isFinite(value) ? Math.abs(value) : 0;
}

function conclude(n: number, runs: number, lag1: number | null): SerialDependence {
  if (lag1 === null) return { lag1, n, effective: null, runs, dependent: false };
  const effective = Math.min(n, Math.max(1, (n * (1 - lag1)) / (1 + lag1)));
  return { lag1, n, effective, runs, dependent: lag1 > STRONG && lag1 > CERTAIN / Math.sqrt(n) };
}
