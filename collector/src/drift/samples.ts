import { orderStatistics } from '../distribution/order-statistics.ts';
import type { NumericReference } from '../distribution/reference.ts';

/** A numeric sample as distinct values with counts: ties cost nothing, and a reference of any size has bounded memory. */
export interface ValueCounts {
  /** Distinct finite values, ascending. */
  readonly values: Float64Array;
  /** Rows that hold each value, as many as `values`. */
  readonly counts: Float64Array;
  /** Sum of `counts`. */
  readonly total: number;
}

/**
 * Counts ties.
 * @param sorted finite values, ascending; where none is tied they become the result's values and must not change any more
 * Cost: O(n).
 */
export function countValues(sorted: Float64Array): ValueCounts {
  const total = sorted.length;
  const distinct = distinctOf(sorted);
  if (distinct === total) return { values: sorted, counts: ones(total), total };
  const values = new Float64Array(distinct);
  const counts = new Float64Array(distinct);
  let last = -1;
  for (let index = 0; index < total; index++) {
    const value = sorted[index] as number;
    if (last < 0 || values[last] !== value) values[++last] = value;
    counts[last]!++;
  }
  return { values, counts, total };
}

/** A 1 for each of n values. All samples without ties look into the same memory: nobody may write to it. */
function ones(n: number): Float64Array {
  if (sharedOnes.length < n) sharedOnes = new Float64Array(n).fill(1);
  return sharedOnes.subarray(0, n);
}

let sharedOnes = new Float64Array(0);

/** The sample of a profile. */
export function sampleOfProfile({ values, valueCounts, n }: NumericReference): ValueCounts {
  const single = values.length === n;
  return { values: Float64Array.from(values), counts: single ? ones(n) : Float64Array.from(valueCounts), total: n };
}

/**
 * Counts per bin of a profile as a sample: each bin stands as its median in the reference (an empty one as its upper edge), so that D of
 * Kolmogorov–Smirnov is that of the bins, and Wasserstein's distance is right but for what moves within a bin. Cost: O(distinct values).
 */
export function binnedSample({ edges, values, valueCounts }: NumericReference, counts: ArrayLike<number>): ValueCounts {
  const points = new Float64Array(edges.length + 1);
  let at = 0;
  for (let bin = 0; bin <= edges.length; bin++) {
    const edge = edges[bin] ?? Number.POSITIVE_INFINITY;
    const from = at;
    while (at < values.length && (values[at] as number) <= edge) at++;
    points[bin] = medianOf(values, valueCounts, from, at) ?? Math.min(edge, Number.MAX_VALUE);
  }
  const filled = Array.from(points.keys()).filter((bin) => (counts[bin] as number) > 0);
  return {
    values: Float64Array.from(filled, (bin) => points[bin] as number),
    counts: Float64Array.from(filled, (bin) => counts[bin] as number),
    total: filled.reduce((sum, bin) => sum + (counts[bin] as number), 0),
  };
}

function medianOf(values: readonly number[], counts: readonly number[], from: number, to: number): number | undefined {
  let half = 0;
  for (let at = from; at < to; at++) half += (counts[at] as number) / 2;
  for (let at = from; at < to; at++) if ((half -= counts[at] as number) <= 0) return values[at];
  return undefined;
}

/** The sample in at most `parts` order statistics, see there: D of Kolmogorov–Smirnov moves by at most 1/parts. */
export function thinned(sample: ValueCounts, parts: number): ValueCounts {
  if (sample.values.length <= parts) return sample;
  const { values, counts } = orderStatistics(sample, parts);
  return { values: Float64Array.from(values), counts: sharedCounts(counts), total: sample.total };
}

/** Samples of one size without ties are thinned to the same counts: those of the last one serve again. Nobody may write to them. */
function sharedCounts(counts: readonly number[]): Float64Array {
  const same = counts.length === lastCounts.length && counts.every((count, at) => count === lastCounts[at]);
  if (!same) lastCounts = Float64Array.from(counts);
  return lastCounts;
}

let lastCounts = new Float64Array(0);

/** Both samples over 4 where their range could exceed the largest double: for what does not depend on the unit. */
export function withinRange(a: ValueCounts, b: ValueCounts): [ValueCounts, ValueCounts] {
  const largest = Math.max(...[a, b].flatMap(({ values }) => [Math.abs(values[0] ?? 0), Math.abs(values.at(-1) ?? 0)]));
  if (largest < Number.MAX_VALUE / 4) return [a, b];
  const quarter = (sample: ValueCounts): ValueCounts => ({
    ...sample,
    values: sample.values.map((value) => value / 4),
  });
  return [quarter(a), quarter(b)];
}

function distinctOf(sorted: Float64Array): number {
  let distinct = Math.min(1, sorted.length);
  for (let index = 1; index < sorted.length; index++) {
    if (sorted[index] !== sorted[index - 1]) distinct++;
  }
  return distinct;
}
