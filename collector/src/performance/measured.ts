/** A number that was measured on samples, with how many there were and how far chance may have moved it. */

/**
 * How a 95 % interval came about: `wilson` E. B. Wilson's score interval of a proportion, of a monotone function of one, or of a
 * mean or ratio at its effective number of trials; `delta` the delta method on the multinomial confusion; `normal` mean ± 1.96
 * standard errors; `ranks` order statistics, whose ranks are binomial; `inversion` all values that a test does not refute. Nothing is
 * resampled: each value has one of these.
 */
export type IntervalMethod = 'wilson' | 'delta' | 'normal' | 'ranks' | 'inversion';

/** A measured value: null when n = 0. `low` and `high` bound the 95 % interval where one is given, made by `method`. */
export interface Measured {
  readonly value: number | null;
  readonly n: number;
  readonly low?: number | null;
  readonly high?: number | null;
  readonly method?: IntervalMethod;
}

/** What is measured on no sample at all: no value and no interval. */
export const UNMEASURED: Measured = Object.freeze({ value: null, n: 0, low: null, high: null });
