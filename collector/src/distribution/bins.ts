/**
 * Frozen bins from the quantiles of a reference sample. Bins are intervals `(gt, le]`: `edges` are the upper bounds of all
 * bins but the last, which is open; the first is open below. A value heavier than 1/bins (an atom) gets a bin of its own:
 * otherwise the quantile edges of a feature that is constant for months would collapse and hide every change.
 */

/** Distinct values in ascending order (finite) and how often each occurs. */
export interface Histogrammable {
  readonly values: ArrayLike<number>;
  readonly counts: ArrayLike<number>;
  readonly total: number;
}

/** Bins of a numeric feature: fine enough to see a shift inside a decile, coarse enough for 100 rows. */
export const DEFAULT_BINS = 20;

/**
 * Upper bounds (strictly ascending, finite) of about `bins` bins of equal reference mass.
 * @param sample distinct values, ascending, with counts
 * @param bins wanted number of bins (at least 2); atoms may add a few
 * @returns edges; the bins are `(-Inf, e0], (e0, e1], …, (e_last, +Inf]`. Cost: O(distinct values).
 */
export function quantileEdges(sample: Histogrammable, bins: number = DEFAULT_BINS): number[] {
  const share = sample.total / bins;
  const edges: number[] = [];
  let runStart = 0;
  for (let index = 0; index <= sample.values.length; index++) {
    const atEnd = index === sample.values.length;
    if (!atEnd && !isAtom(sample, index, share)) continue;
    splitRun(sample, runStart, index, share, edges);
    if (atEnd) break;
    const atom = sample.values[index] ?? Number.NaN;
    pushAscending(edges, nextDown(atom));
    pushAscending(edges, atom);
    runStart = index + 1;
  }
  return edges;
}

function isAtom(sample: Histogrammable, index: number, share: number): boolean {
  return (sample.counts[index] ?? 0) > share;
}

/** Inner edges of a run of ordinary values `[from, to)`: its mass in equal parts; the last part ends where the run ends. */
function splitRun(sample: Histogrammable, from: number, to: number, share: number, edges: number[]): void {
  let mass = 0;
  for (let index = from; index < to; index++) mass += sample.counts[index] ?? 0;
  const parts = Math.max(1, Math.round(mass / share));
  let seen = 0;
  let part = 1;
  for (let index = from; index < to - 1; index++) {
    seen += sample.counts[index] ?? 0;
    if (seen < (part * mass) / parts) continue;
    pushAscending(edges, sample.values[index] ?? Number.NaN);
    while (part * mass <= seen * parts) part++;
    if (part >= parts) break;
  }
}

function pushAscending(edges: number[], edge: number): void {
  const last = edges[edges.length - 1];
  if (Number.isFinite(edge) && (last === undefined || edge > last)) edges.push(edge);
}

/** The bin of a number: index of the first edge ≥ value, or `edges.length` for the open last bin. O(log bins). */
export function binOf(edges: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (value <= (edges[middle] as number)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Counts per bin (length `edges.length + 1`). */
export function binCounts(edges: ArrayLike<number>, sample: Histogrammable): number[] {
  const counts = new Array<number>(edges.length + 1).fill(0);
  for (let index = 0; index < sample.values.length; index++) {
    const bin = binOf(edges, sample.values[index] as number);
    counts[bin] = (counts[bin] ?? 0) + (sample.counts[index] as number);
  }
  return counts;
}

/** The text of a bin's bounds as it stands in the labels `gt` and `le`; both metrics take it from here so that they match. */
export function binLabels(edges: ArrayLike<number>): { gt: string; le: string }[] {
  const texts = Array.from(edges, (edge) => String(edge));
  return [...texts, '+Inf'].map((le, index) => ({ gt: index === 0 ? '-Inf' : (texts[index - 1] as string), le }));
}

const scratch = new DataView(new ArrayBuffer(8));

/** The largest double below a finite value (IEEE 754 nextDown). */
export function nextDown(value: number): number {
  if (value === 0) return -Number.MIN_VALUE;
  scratch.setFloat64(0, value);
  const bits = scratch.getBigInt64(0);
  scratch.setBigInt64(0, value > 0 ? bits - 1n : bits + 1n);
  return scratch.getFloat64(0);
}
