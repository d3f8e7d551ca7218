/** The report of a regression from its sums, equal to scikit-learn's, every value with a 95 % interval. */
import type { SketchReading } from '../../distribution/sketch/quantile-sketch.ts';
import { UNMEASURED, type IntervalMethod, type Measured } from '../measured.ts';
import { Z_95 } from '../wilson.ts';
import type { RegressionSums } from './regression-sums.ts';

/** Names as the HTTP API writes them. */
export type RegressionMetricName = 'mae' | 'mse' | 'rmse' | 'mape' | 'r2' | 'bias';

/** Which quantiles of the residual (predicted − actual) are reported. */
export const RESIDUAL_QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.95] as const;

/** What is smaller than so much of the terms it is the difference of is rounding. */
const ROUNDINGS = 1e4 * Number.EPSILON;

/** All metrics of one set of labelled samples. */
export interface RegressionReading {
  readonly n: number;
  /** `bias` is the mean of predicted − actual; `r2` is null for fewer than two samples, as it is undefined there. */
  readonly metrics: Readonly<Record<RegressionMetricName, Measured>>;
  /** Right to 1 % of themselves (the sketch's accuracy), the interval from order statistics. */
  readonly residuals: readonly (Measured & { readonly quantile: number })[];
}

/**
 * Reads sums. Intervals: `mae` and `bias` the normal one of a mean; `mse`, `rmse` and `mape` the delta method on the logarithm, since
 * squares are skewed and never below 0; `r2` the delta method on the ratio of both mean squares (none where rounding leaves none). One sample: values without
 * intervals. None: null with n 0. Labels all equal: `r2` is 1 where every prediction is right, else 0, as scikit-learn's
 * `r2_score(force_finite=True)`. @param centre what labels were summed about
 */
export function readRegression(sums: RegressionSums, centre: number, residuals: SketchReading): RegressionReading {
  const n = Math.max(0, sums.n);
  const absolute = sums.over + sums.under;
  const bias = (sums.over - sums.under) / n;
  const mse = Math.max(0, sums.e2 / n);
  const error = (mean: number, squares: number): number => Math.sqrt(Math.max(0, squares / n - mean * mean) / (n - 1));
  const mseError = error(mse, sums.e4);
  const hasTiny = sums.tiny > 0;
  const mape = (sums.f + (hasTiny ? sums.tinyF : 0)) / n;
  return {
    n,
    metrics: {
      mae: normal(absolute / n, error(absolute / n, sums.e2), n, 0),
      bias: normal(bias, error(bias, sums.e2), n, Number.NEGATIVE_INFINITY),
      mse: logarithmic(mse, mseError, n),
      rmse: logarithmic(Math.sqrt(mse), mseError / (2 * Math.sqrt(mse)), n),
      mape: logarithmic(mape, error(mape, sums.f2 + (hasTiny ? sums.tinyF2 : 0)), n),
      r2: determination(sums, centre),
    },
    residuals: RESIDUAL_QUANTILES.map((quantile) => ({ quantile, ...residualQuantile(residuals, quantile) })),
  };
}

function normal(value: number, error: number, n: number, least: number): Measured {
  if (n === 0) return UNMEASURED;
  return measured(value, Math.max(least, value - Z_95 * error), value + Z_95 * error, n, 'normal');
}

function logarithmic(value: number, error: number, n: number): Measured {
  if (n === 0) return UNMEASURED;
  // All right: 0, and nothing says how far off it may be.
  const factor = Math.exp((Z_95 * error) / value);
  return value === 0
    ? { value, n, low: null, high: null }
    : measured(value, value / factor, value * factor, n, 'delta');
}

/** No interval where a sum overflowed, or there is but one sample. */
function measured(value: number, low: number, high: number, n: number, method: IntervalMethod): Measured {
  if (n > 1 && Number.isFinite(low) && Number.isFinite(high)) return { value, n, low, high, method };
  return { value, n, low: null, high: null };
}

/** 1 − Σe²/Σ(y − ȳ)², with the variance of the ratio a/b: Var(e² − (a/b)·(y − ȳ)²) / (n·b²). */
function determination(sums: RegressionSums, centre: number): Measured {
  const n = Math.max(0, sums.n);
  if (n < 2) return { ...UNMEASURED, n };
  const m = sums.d / n;
  const spread = sums.d2 / n - m * m;
  // What rounding leaves of equal labels: their deviations are differences of numbers as large as the labels themselves.
  const noise = 8 * Number.EPSILON * Math.max(sums.d2 / n, (Number.EPSILON * (Math.abs(centre) + Math.abs(m))) ** 2);
  if (!(spread > noise)) return { value: sums.e2 > 0 ? 0 : 1, n, low: null, high: null };
  const ratio = sums.e2 / n / spread;
  const e2y2 = (sums.e2d2 - 2 * m * sums.e2d + m * m * sums.e2) / n;
  const y4 = (sums.d4 - 4 * m * sums.d3 + 6 * m * m * sums.d2 - 4 * m ** 3 * sums.d + n * m ** 4) / n;
  const square = Math.max(0, sums.e4 / n - 2 * ratio * e2y2 + ratio * ratio * y4);
  // Labels far from their centre, in standard deviations, leave nothing but rounding of the fourth powers.
  const lost = 2 * ratio * (sums.e2d2 + m * m * sums.e2) + ratio * ratio * (sums.d4 + n * m ** 4);
  if (square * n < ROUNDINGS * lost) return { value: 1 - ratio, n, low: null, high: null };
  const variance = square / (spread * spread * (n - 1));
  const reach = Z_95 * Math.sqrt(variance);
  return measured(1 - ratio, 1 - ratio - reach, Math.min(1, 1 - ratio + reach), n, 'delta');
}

/** The order statistics between which the quantile lies in 95 % of samples: ranks are binomial. */
function residualQuantile({ n, quantile, ranked }: SketchReading, q: number): Measured {
  const value = quantile(q);
  if (n === 0) return UNMEASURED;
  const reach = Z_95 * Math.sqrt(n * q * (1 - q));
  return {
    value,
    n,
    low: ranked(Math.floor(n * q - reach)),
    high: ranked(Math.ceil(n * q + reach) + 1),
    method: 'ranks',
  };
}
