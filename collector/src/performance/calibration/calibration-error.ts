/** Expected calibration error, with what chance alone makes of it, and the reliability diagram behind it. */
import { binomialDensity } from '../../distribution/factorial.ts';
import { UNMEASURED, type Measured } from '../measured.ts';
import { measuredProportion } from '../wilson.ts';
import { calibrationInterval } from './calibration-interval.ts';
import { CALIBRATION_BINS, checkCalibration, type CalibrationState } from './calibration-state.ts';

/** One bin of the reliability diagram. */
export interface ReliabilityBin {
  /** The scores of the bin: [from, to), the last one closed. */
  readonly from: number;
  readonly to: number;
  /** Labelled predictions. */
  readonly n: number;
  /** Mean of their scores; null of none. */
  readonly score: number | null;
  /** Share whose label is the positive class, with Wilson's interval. */
  readonly positive: Measured;
}

/**
 * How far scores are from being probabilities: Σ over the bins of (n of the bin / n) · |share of positives − mean score|, 0 to 1, with
 * the 95 % interval of what it would be of any number of samples.
 */
export interface CalibrationError extends Measured {
  /**
   * Mean and 95 % quantile of that value if the scores were perfect: it is never below 0, so it is biased upward, and a value below
   * the quantile shows nothing (`miscalibrated` false).
   */
  readonly expected: number | null;
  readonly quantile95: number | null;
  readonly miscalibrated: boolean | null;
  /** Largest difference of one bin, whatever its size. */
  readonly worst: number | null;
}

const NONE: CalibrationError = {
  ...{ ...UNMEASURED, expected: null, quantile95: null, miscalibrated: null, worst: null },
};
const Z_95_ONE_SIDED = 1.6448536269514722;

/** The diagram of the labelled part; counts below 0 read as 0. Cost: 15 bins. */
export function reliability(state: CalibrationState): ReliabilityBin[] {
  checkCalibration(state);
  const { labeled, correct, score } = state;
  return Array.from({ length: CALIBRATION_BINS }, (_, bin): ReliabilityBin => {
    const [no, yes] = [bin, bin + CALIBRATION_BINS];
    const n = Math.max(0, at(labeled, no) + at(labeled, yes));
    // Where the positive class was not predicted, a wrong prediction is a positive label.
    const positives = Math.min(n, Math.max(0, at(correct, yes) + at(labeled, no) - at(correct, no)));
    const mean = (at(score, no) + at(score, yes)) / n;
    return {
      from: bin / CALIBRATION_BINS,
      to: (bin + 1) / CALIBRATION_BINS,
      n,
      score: n > 0 ? Math.min(1, Math.max(0, mean)) : null,
      positive: measuredProportion(positives, n),
    };
  });
}

/**
 * Expected calibration error over 15 bins of equal width (C. Guo et al., "On calibration of modern neural networks", ICML 2017;
 * M. Naeini et al., AAAI 2015). Under perfect calibration the positives of a bin are binomial about its mean score: each bin's mean
 * absolute deviation is de Moivre's closed form, its variance np(1 − p) minus that squared; the 95 % quantile is that of a gamma
 * distribution with the sum's mean and variance (Wilson & Hilferty's cube root), within 3 % of simulated ones from 30 samples on.
 * The interval is calibration-interval.ts's. No labelled sample: all null, n 0; one: a value and a wide interval. Cost: 15 bins.
 */
export function expectedCalibrationError(state: CalibrationState): CalibrationError {
  const bins = reliability(state).filter(({ n }) => n > 0);
  const n = bins.reduce((sum, bin) => sum + bin.n, 0);
  if (n === 0) return NONE;
  const gaps = bins.map(({ n: size, score, positive }) => {
    const mean = score as number;
    return { n: size, score: mean, gap: (positive.value as number) - mean };
  });
  const value = gaps.reduce((sum, { gap, n: size }) => sum + (Math.abs(gap) * size) / n, 0);
  const chance = bins.map((bin) => deviation(bin.n, bin.score as number));
  const expected = chance.reduce((sum, { mean }) => sum + mean, 0) / n;
  const variance = chance.reduce((sum, bin) => sum + bin.variance, 0) / (n * n);
  const quantile95 = Math.min(1, upperQuantile(expected, variance));
  return {
    ...{ value, n, ...calibrationInterval(gaps, value), method: 'inversion', expected, quantile95 },
    miscalibrated: value > quantile95,
    worst: Math.max(...gaps.map(({ gap }) => Math.abs(gap))),
  };
}

/** Mean and variance of |X − np| for X ~ Binomial(n, p). */
function deviation(n: number, p: number): { readonly mean: number; readonly variance: number } {
  if (p <= 0 || p >= 1) return { mean: 0, variance: 0 };
  // A. de Moivre, 1730; P. Diaconis & S. Zabell, "Closed form summation for classical distributions", 1991.
  const next = Math.floor(n * p) + 1;
  const mean = 2 * next * (1 - p) * (next > n ? 0 : binomialDensity(next, n, p));
  return { mean, variance: Math.max(0, n * p * (1 - p) - mean * mean) };
}

function upperQuantile(mean: number, variance: number): number {
  if (mean === 0) return 0;
  const ninth = variance / (9 * mean * mean);
  return mean * Math.max(0, 1 - ninth + Z_95_ONE_SIDED * Math.sqrt(ninth)) ** 3;
}

function at(cells: Float64Array, cell: number): number {
  return cells[cell] as number;
}
