/** Two versions on the same rows: how their results differ, each row compared with itself. */
import jstat from 'jstat';
import { checkList, checkRecord, refused } from '../distribution/arguments.ts';
import { UNMEASURED, type Measured } from '../performance/measured.ts';
import { tangoInterval } from './tango.ts';

const { gammaln, studentt } = jstat.jStat;

/** Rows by who got them right. */
export interface PairedCounts {
  readonly both: number;
  readonly onlyA: number;
  readonly onlyB: number;
  readonly neither: number;
}

/** Two classifiers on the same rows. */
export interface PairedDifference extends PairedCounts {
  /** Accuracy of a minus accuracy of b, with Tango's 95 % score interval; null of no row. */
  readonly difference: Measured;
  /** McNemar's exact two-sided p-value that each of them is alone right equally often; 1 where they never differ. */
  readonly pValue: number;
  /** The same by mid-p: less conservative. */
  readonly midP: number;
}

/** Two regressions on the same rows. */
export interface PairedErrorDifference {
  /** Mean of |error of a| − |error of b| with the 95 % interval of the paired t-test: below 0 a is better. */
  readonly difference: Measured;
  /** Two-sided p-value of the paired t-test; null below two rows and where all differences are equal. */
  readonly pValue: number | null;
}

/**
 * Compares two classifiers by which rows each got right. Cost: O(rows).
 * @param a whether version a was right, by row @param b the same of b, in the same order
 * @throws PlumblineError `invalid_request` where the lists are of different length or hold something else
 */
export function pairedDifference(a: readonly boolean[], b: readonly boolean[]): PairedDifference {
  checkPairs(a, b);
  const counts = { both: 0, onlyA: 0, onlyB: 0, neither: 0 };
  a.forEach((right, row) => {
    const other = b[row];
    if (typeof right !== 'boolean' || typeof other !== 'boolean')
      throw refused(`row ${row}`, 'true or false of both', 'Pass whether each version was right, row by row.');
    counts[right ? (other ? 'both' : 'onlyA') : other ? 'onlyB' : 'neither']++;
  });
  return pairedDifferenceOf(counts);
}

/** The same from counts, whole numbers from 0: what streams. Cost: O(1). */
export function pairedDifferenceOf(counts: PairedCounts): PairedDifference {
  checkRecord(counts, 'counts');
  const { both, onlyA, onlyB, neither } = counts;
  for (const [field, count] of Object.entries({ both, onlyA, onlyB, neither }))
    if (!Number.isSafeInteger(count) || count < 0)
      throw refused(field, 'a whole number from 0', 'Count the rows by who got them right.');
  const n = both + onlyA + onlyB + neither;
  const discordant = onlyA + onlyB;
  const fewer = Math.min(onlyA, onlyB);
  const tail = discordant === 0 ? 1 : binomialHalf(fewer, discordant);
  const difference: Measured =
    n === 0 ? UNMEASURED : { value: (onlyA - onlyB) / n, n, ...tangoInterval(onlyA, onlyB, n), method: 'inversion' };
  return {
    ...{ both, onlyA, onlyB, neither },
    difference,
    pValue: Math.min(1, 2 * tail),
    midP: discordant === 0 ? 1 : Math.min(1, 2 * tail - pointHalf(fewer, discordant)),
  };
}

/**
 * Compares two regressions by their absolute errors. Cost: O(rows).
 * @param a |predicted − actual| of version a, by row @param b the same of b, in the same order
 * @throws PlumblineError `invalid_request` where the lists are of different length or hold what is no number from 0
 */
export function pairedErrorDifference(a: ArrayLike<number>, b: ArrayLike<number>): PairedErrorDifference {
  checkPairs(a, b);
  const n = a.length;
  if (n === 0) return { difference: UNMEASURED, pValue: null };
  const differences = Float64Array.from({ length: n }, (_, row) => errorAt(a, row) - errorAt(b, row));
  const value = differences.reduce((sum, each) => sum + each, 0) / n;
  if (n === 1) return { difference: { value, n, low: null, high: null }, pValue: null };
  const spread = differences.reduce((sum, each) => sum + (each - value) ** 2, 0);
  const error = Math.sqrt(spread / (n - 1) / n);
  const reach = error * studentt.inv(0.975, n - 1);
  const pValue = error === 0 ? null : 2 * studentt.cdf(-Math.abs(value / error), n - 1);
  return { difference: { value, n, low: value - reach, high: value + reach, method: 'normal' }, pValue };
}

function checkPairs(a: unknown, b: unknown): void {
  checkList(a, 'a');
  checkList(b, 'b');
  if (a.length !== b.length)
    throw refused('b', `as many rows as a, ${a.length}, not ${b.length}`, 'Pass the same rows of both versions.');
}

function errorAt(errors: ArrayLike<number>, row: number): number {
  const error = errors[row];
  if (typeof error === 'number' && error >= 0 && error < Number.POSITIVE_INFINITY) return error;
  throw refused(`row ${row}`, 'an absolute error, a number from 0', 'Pass |predicted − actual|, row by row.');
}

/** P(at most k heads in n throws), k at most n/2: the terms from k down until they no longer count, O(√n). */
function binomialHalf(k: number, n: number): number {
  let term = pointHalf(k, n);
  let sum = 0;
  for (let heads = k; heads >= 0 && term > sum * 1e-17; heads--) {
    sum += term;
    term *= heads / (n - heads + 1);
  }
  return sum;
}

/** P(exactly k heads in n throws). */
function pointHalf(k: number, n: number): number {
  return Math.exp(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1) - n * Math.LN2);
}
