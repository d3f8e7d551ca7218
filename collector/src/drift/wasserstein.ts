/** Wasserstein-1 (earth mover's) distance of two samples. */
import type { ValueCounts } from './samples.ts';

/** The gaps between neighbouring values of two samples together, ascending. */
export interface Gaps {
  /** Rows of the current sample and of the reference. */
  readonly n: number;
  readonly m: number;
  readonly widths: Float64Array;
  /** Rows of the current sample and of the reference at or below each gap. */
  readonly current: Float64Array;
  readonly reference: Float64Array;
}

/** Merges two samples; none, or one value in all, has no gaps. Cost: O(distinct values). */
export function gapsBetween(reference: ValueCounts, current: ValueCounts): Gaps {
  const [values, others] = [current.values, reference.values];
  const most = values.length + others.length;
  const [widths, below, belowReference] = [new Float64Array(most), new Float64Array(most), new Float64Array(most)];
  let i = 0;
  let j = 0;
  let size = 0;
  let seen = 0;
  let seenReference = 0;
  let last = 0;
  while (i < values.length || j < others.length) {
    const own = j === others.length || (i < values.length && (values[i] as number) <= (others[j] as number));
    const next = (own ? values[i] : others[j]) as number;
    if (i + j > 0) {
      widths[size] = next - last;
      below[size] = seen;
      belowReference[size++] = seenReference;
    }
    if (i < values.length && values[i] === next) seen += current.counts[i++] as number;
    if (j < others.length && others[j] === next) seenReference += reference.counts[j++] as number;
    last = next;
  }
  return {
    n: current.total,
    m: reference.total,
    widths: widths.subarray(0, size),
    current: below.subarray(0, size),
    reference: belowReference.subarray(0, size),
  };
}

/** ∫ |F_current − F_reference| over gaps; NaN when a sample is empty. */
export function distanceOver({ n, m, widths, current, reference }: Gaps): number {
  if (n === 0 || m === 0) return Number.NaN;
  let distance = 0;
  for (let gap = 0; gap < widths.length; gap++) {
    const difference = Math.abs((current[gap] as number) / n - (reference[gap] as number) / m);
    // A gap wider than the largest double is infinite, and 0 · ∞ no distance.
    if (difference > 0) distance += difference * (widths[gap] as number);
  }
  return distance;
}

/**
 * ∫ |F_current − F_reference| in the unit of the values, as `scipy.stats.wasserstein_distance`.
 * @returns NaN when a sample is empty; 0 for equal distributions. Cost: O(distinct values).
 */
export function wassersteinDistance(reference: ValueCounts, current: ValueCounts): number {
  return distanceOver(gapsBetween(reference, current));
}

/**
 * Standard deviation with the rows as divisor (NumPy's `std`), two passes, scaled so that 1e300 does not overflow.
 * @returns NaN without rows, 0 for one distinct value. Cost: O(distinct values).
 */
export function standardDeviation(sample: ValueCounts): number {
  const { values, counts, total } = sample;
  if (total === 0) return Number.NaN;
  const scale = Math.max(Math.abs(values[0] as number), Math.abs(values[values.length - 1] as number));
  if (scale === 0 || values.length === 1) return 0;
  let mean = 0;
  for (let index = 0; index < values.length; index++) {
    mean += ((values[index] as number) / scale) * ((counts[index] as number) / total);
  }
  let variance = 0;
  for (let index = 0; index < values.length; index++) {
    const difference = (values[index] as number) / scale - mean;
    variance += difference * difference * ((counts[index] as number) / total);
  }
  return Math.sqrt(variance) * scale;
}

/**
 * What the distance is divided by to be comparable over features: the reference's standard deviation, or, for a reference of
 * one value only, that of both samples together (so that leaving a constant is a large, finite distance).
 * @returns NaN when the reference is empty, 0 when both samples hold one and the same value
 */
export function wassersteinUnit(reference: ValueCounts, current: ValueCounts): number {
  const own = standardDeviation(reference);
  if (own !== 0 || current.total === 0) return own;
  const pooled = new Map<number, number>(
    Array.from(reference.values, (value, i) => [value, reference.counts[i] as number]),
  );
  current.values.forEach((value, i) => pooled.set(value, (pooled.get(value) ?? 0) + (current.counts[i] as number)));
  const values = Float64Array.from(pooled.keys()).sort();
  const counts = Float64Array.from(values, (value) => pooled.get(value) as number);
  return standardDeviation({ values, counts, total: reference.total + current.total });
}
