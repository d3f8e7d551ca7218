/** A sum of losses with its square, so that the mean has an interval; sums add up and can be taken back. */
import { foreignState } from '../../distribution/state.ts';
import { UNMEASURED, type Measured } from '../measured.ts';
import { fieldsOf } from '../state-fields.ts';
import { Z_95, wilsonOfMean } from '../wilson.ts';

/** Loss and squared loss, summed over samples. */
export interface LossSums {
  sum: number;
  squares: number;
}

/** Adds (count 1) or takes back (count −1) a loss. */
export function addLoss(sums: LossSums, loss: number, count: number): void {
  sums.sum += count * loss;
  sums.squares += count * loss * loss;
}

/**
 * The mean loss of n samples, none below 0, with the normal 95 % interval, cut off at 0. n = 0: null; n = 1: no interval.
 * @param bounded losses lie in [0, 1]: then Wilson's interval at the effective number of trials, also for one sample
 */
export function meanLoss({ sum, squares }: LossSums, n: number, bounded: boolean): Measured {
  if (n <= 0) return UNMEASURED;
  // Taking back leaves rounding behind, which must not make a mean negative.
  const value = Math.max(0, sum / n);
  const variance = n > 1 ? Math.max(0, squares / n - value * value) / (n - 1) : Number.NaN;
  if (bounded) {
    const mean = Math.min(1, value);
    return { value: mean, n, ...wilsonOfMean(mean, variance, n), method: 'wilson' };
  }
  if (n === 1) return { value, n, low: null, high: null };
  const reach = Z_95 * Math.sqrt(variance);
  return { value, n, low: Math.max(0, value - reach), high: value + reach, method: 'normal' };
}

/** Sums of a serialised state. @throws PlumblineError `foreign_state` naming the field */
export function parseLossSums(value: unknown, field: string): LossSums {
  const { sum, squares } = fieldsOf(value);
  if (Number.isFinite(sum) && Number.isFinite(squares)) return { sum, squares } as LossSums;
  throw foreignState(`${field}: expected finite sums`);
}
