/** How far the expected calibration error of these scores may really be. */
import { errorFunction } from 'simple-statistics';
import { Z_95, type Interval } from '../wilson.ts';

/** One filled bin: labelled samples, their mean score, and the share of positives less that score. */
export interface CalibrationGap {
  readonly n: number;
  readonly score: number;
  readonly gap: number;
}

/** Steps of halving: the ends are right to 2⁻⁴⁰ of the largest gap. */
const HALVINGS = 40;
/** Gaps are never taken to be more than so many times as large as those seen. */
const MOST = 64;

/**
 * 95 % interval of Σ (n/N) · |gap| by inverting its test. Resampling does not do here: gaps only ever add up, so that drawn values lie
 * above the measured one as the measured one lies above the truth (of calibrated scores the percentile bootstrap held the truth in no
 * run of 400, the basic one in 30 to 40 %). Instead each true gap is taken to be λ times the one that was seen; given λ, a bin's gap is
 * nearly normal about it, its magnitude folded normal, and the sum's quantiles are those of a gamma distribution with its mean and
 * variance (Wilson & Hilferty's cube root). The interval holds the errors of all λ that the measured one does not refute at 2.5 % either
 * side, and all that chance alone makes of calibrated scores. Simulated coverage: 89 to 100 % from 30 to 3,000 samples, 97 to 99 % of calibrated scores. Cost: 80 times the bins.
 * @param bins at least one, each with at least one sample @param value the measured error
 */
export function calibrationInterval(bins: readonly CalibrationGap[], value: number): Interval {
  const n = bins.reduce((sum, bin) => sum + bin.n, 0);
  const quantile = (scale: number, z: number): number => quantileOf(bins, n, scale, z);
  const low =
    quantile(0, Z_95) >= value
      ? 0
      : errorAt(
          bins,
          n,
          turn(0, 1, (scale) => quantile(scale, Z_95) >= value),
        );
  const highest = quantile(MOST, -Z_95) > value ? turn(0, MOST, (scale) => quantile(scale, -Z_95) > value) : MOST;
  // Neither end may lie on the other side of the value: a single sample has next to no spread that could hold it.
  return {
    low: Math.min(low, value),
    high: Math.min(1, Math.max(value, errorAt(bins, n, highest), quantile(0, Z_95))),
  };
}

/** Where a condition becomes true between a scale at which it is not and one at which it is. */
function turn(from: number, to: number, holds: (scale: number) => boolean): number {
  let [below, above] = [from, to];
  for (let halving = 0; halving < HALVINGS; halving++) {
    const middle = (below + above) / 2;
    if (holds(middle)) above = middle;
    else below = middle;
  }
  return above;
}

/** The true error if gaps are so many times those seen. */
function errorAt(bins: readonly CalibrationGap[], n: number, scale: number): number {
  return bins.reduce((sum, bin) => sum + (bin.n / n) * Math.abs(scaledGap(bin, scale)), 0);
}

/** A share of positives stays between 0 and 1. */
function scaledGap({ score, gap }: CalibrationGap, scale: number): number {
  return Math.min(1 - score, Math.max(-score, scale * gap));
}

/** The quantile of the measured error at z standard deviations, if the true gaps are so many times those seen. */
function quantileOf(bins: readonly CalibrationGap[], n: number, scale: number, z: number): number {
  let [mean, variance] = [0, 0];
  for (const bin of bins) {
    const gap = scaledGap(bin, scale);
    const p = bin.score + gap;
    // A share of 0 or 1 leaves something open too, as Wilson's interval says.
    const spread = Math.sqrt(Math.max(p * (1 - p), 0.5 / (bin.n + 4)) / bin.n);
    const folded = foldedMean(gap, spread);
    const weight = bin.n / n;
    mean += weight * folded;
    variance += weight * weight * Math.max(0, gap * gap + spread * spread - folded * folded);
  }
  const ninth = variance / (9 * mean * mean);
  return mean * Math.max(0, 1 - ninth + z * Math.sqrt(ninth)) ** 3;
}

/** Mean of |X|, X normal with this mean and deviation. */
function foldedMean(mean: number, deviation: number): number {
  const z = mean / deviation;
  return deviation * Math.sqrt(2 / Math.PI) * Math.exp((-z * z) / 2) + mean * errorFunction(z / Math.SQRT2);
}
