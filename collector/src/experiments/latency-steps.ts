/**
 * Always-valid bounds of a quantile of the latency, by keys. A key's share of predictions slower than t steps down from 1 to 0 as t
 * grows; kept are the sums over keys of these steps and of the steps of the squares, by bins of 1 %. The p-quantile lies above t where the
 * mean share above t is above 1 − p, which the boundary of `mixture-boundary.ts` decides at any number of keys; no correction for
 * the many t is needed, since only the test at the true quantile can go wrong (S. Howard & A. Ramdas, "Sequential estimation of quantiles", 2022).
 */
import { isBeyond } from './mixture-boundary.ts';

/** Bins grow by this factor: a bound is right to 1 %. */
const GROWTH = 1.01;
/** Shorter than a nanosecond is a nanosecond. */
const SHORTEST = 1e-9;

/** Sums over keys: bin → what the mean share, and its square, lose there. */
export interface LatencySteps {
  keys: number;
  readonly steps: Map<number, { share: number; square: number }>;
}

/** Bounds of a quantile in seconds. */
export interface LatencyBounds {
  /** Null where nothing is known yet. */
  readonly low: number | null;
  readonly high: number | null;
}

/** No key yet. */
export function noLatencySteps(): LatencySteps {
  return { keys: 0, steps: new Map() };
}

/** Counts a key with at least one duration. Cost: O(d · log d) for d durations. */
export function addLatency(sums: LatencySteps, durations: readonly number[]): void {
  const bins = durations
    .map((seconds) => Math.ceil(Math.log(Math.max(SHORTEST, seconds)) / Math.log(GROWTH)))
    .sort((a, b) => a - b);
  const { length } = bins;
  bins.forEach((bin, index) => {
    const [before, after] = [1 - index / length, 1 - (index + 1) / length];
    const step = sums.steps.get(bin) ?? { share: 0, square: 0 };
    sums.steps.set(bin, { share: step.share + before - after, square: step.square + before * before - after * after });
  });
  sums.keys++;
}

/**
 * Both bounds of the p-quantile of groups of keys, each group with its weight a key, at most 1; each bound fails, at any time, with
 * probability alpha at most. Cost: O(bins · log bins).
 */
export function latencyBounds(
  groups: readonly (readonly [LatencySteps, number])[],
  p: number,
  alpha: number,
): LatencyBounds {
  const rest = 1 - p;
  const sum = (power: number): number => groups.reduce((total, [own, weight]) => total + own.keys * weight ** power, 0);
  const [keys, squaredKeys] = [sum(1), sum(2)];
  const steps = mergedSteps(groups);
  // Below the fastest bin every key's share is 1.
  let [share, weighted, square] = [keys, squaredKeys, squaredKeys];
  let [low, high]: [number | null, number | null] = [null, null];
  for (const step of steps) {
    share -= step.share;
    weighted -= step.weightedShare;
    square -= step.square;
    const excess = share - rest * keys;
    const spread = Math.max(0, square - 2 * rest * weighted + rest * rest * squaredKeys);
    if (isBeyond(excess, spread, alpha)) low = GROWTH ** step.bin;
    if (high === null && isBeyond(-excess, spread, alpha)) high = GROWTH ** step.bin;
  }
  return { low, high };
}

interface MergedStep {
  readonly bin: number;
  share: number;
  /** The step of the share with squared weights, and of its square. */
  weightedShare: number;
  square: number;
}

function mergedSteps(groups: readonly (readonly [LatencySteps, number])[]): MergedStep[] {
  const merged = new Map<number, MergedStep>();
  for (const [{ steps }, weight] of groups)
    for (const [bin, { share, square }] of steps) {
      const step = merged.get(bin) ?? { bin, share: 0, weightedShare: 0, square: 0 };
      step.share += weight * share;
      step.weightedShare += weight * weight * share;
      step.square += weight * weight * square;
      merged.set(bin, step);
    }
  return [...merged.values()].sort((a, b) => a.bin - b.bin);
}
