/** Draws two-sample tables with the same margins: what chance alone makes of the pooled counts. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { logFactorial } from '../distribution/factorial.ts';

/** A statistic among those of shuffled samples. */
export interface PermutationResult {
  /** (1 + tables at least as extreme) / (1 + draws): never 0, and a valid p-value for any number of draws. */
  readonly pValue: number;
  /** Value exceeded by a share α of the tables. */
  readonly nullQuantile: number;
  /** Mean and variance of the statistic over the tables, and how many reached the observed value. */
  readonly mean: number;
  readonly variance: number;
  readonly exceedances: number;
}

/** How often to shuffle, and from which seed. */
export interface PermutationOptions {
  readonly draws: number;
  readonly alpha: number;
  readonly seed: number;
}

/** A statistic of two count vectors over the same bins. */
export type CountStatistic = (reference: ArrayLike<number>, current: ArrayLike<number>) => number;

/**
 * Null distributions of statistics of two count vectors by random relabelling of rows (Monte-Carlo permutation test):
 * exact whatever the counts, where the χ² approximation needs every expected count to be about 10.
 * All statistics see the same tables, and deterministically the same for a seed. Cost: O(draws · bins · √n).
 */
export function permutationNulls(
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
  statistics: readonly CountStatistic[],
  options: PermutationOptions,
): PermutationResult[] {
  const pooled = Array.from(reference, (count, bin) => count + (current[bin] as number));
  const size = Array.from(current).reduce((sum, count) => sum + count, 0);
  const generator = xoroshiro128plus(options.seed);
  const uniform = (): number => uniformFloat64(generator);
  const logFactorials = logFactorialsTo(pooled.reduce((sum, count) => sum + count, 0));
  const left = new Float64Array(pooled.length);
  const right = new Float64Array(pooled.length);
  const values = statistics.map(() => new Float64Array(options.draws));
  for (let draw = 0; draw < options.draws; draw++) {
    drawTable(pooled, size, uniform, logFactorials, left, right);
    values.forEach((drawn, index) => (drawn[draw] = (statistics[index] as CountStatistic)(left, right)));
  }
  return statistics.map((statistic, index) =>
    summarise((values[index] as Float64Array).sort(), statistic(reference, current), options.alpha),
  );
}

function summarise(sorted: Float64Array, observed: number, alpha: number): PermutationResult {
  const draws = sorted.length;
  // Tables with the observed counts are ties; rounding must not count them as less extreme.
  const limit = observed * (1 - 1e-12);
  const exceedances = sorted.reduce((count, value) => count + Number(value >= limit), 0);
  const mean = sorted.reduce((sum, value) => sum + value, 0) / draws;
  const variance = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (draws - 1);
  const rank = Math.min(draws, Math.max(1, Math.ceil((1 - alpha) * (draws + 1))));
  return {
    pValue: (1 + exceedances) / (1 + draws),
    nullQuantile: sorted[rank - 1] as number,
    mean,
    variance,
    exceedances,
  };
}

/** One table: `size` of the pooled rows go right, bin by bin (a multivariate hypergeometric draw). */
function drawTable(
  pooled: readonly number[],
  size: number,
  uniform: () => number,
  logFactorials: LogFactorials,
  left: Float64Array,
  right: Float64Array,
): void {
  let remaining = pooled.reduce((sum, count) => sum + count, 0);
  let wanted = size;
  pooled.forEach((count, bin) => {
    const drawn = hypergeometric(remaining, count, wanted, uniform, logFactorials);
    right[bin] = drawn;
    left[bin] = count - drawn;
    remaining -= count;
    wanted -= drawn;
  });
}

/**
 * How many of `marked` are among `drawn` out of `total`: inversion outwards from the mode, which needs O(standard deviation)
 * steps and no tables.
 */
function hypergeometric(
  total: number,
  marked: number,
  drawn: number,
  uniform: () => number,
  logFactorials: LogFactorials,
): number {
  const low = Math.max(0, drawn + marked - total);
  const high = Math.min(drawn, marked);
  if (low === high) return low;
  const mode = Math.min(high, Math.max(low, Math.floor(((drawn + 1) * (marked + 1)) / (total + 2))));
  const atMode = Math.exp(logDensity(total, marked, drawn, mode, logFactorials));
  const rest = total - marked - drawn;
  let u = uniform() - atMode;
  if (u < 0) return mode;
  let [down, up, pDown, pUp] = [mode, mode, atMode, atMode];
  while (down > low || up < high) {
    if (up < high) {
      pUp *= ((marked - up) * (drawn - up)) / ((up + 1) * (rest + up + 1));
      up++;
      u -= pUp;
      if (u < 0) return up;
    }
    if (down > low) {
      pDown *= (down * (rest + down)) / ((marked - down + 1) * (drawn - down + 1));
      down--;
      u -= pDown;
      if (u < 0) return down;
    }
  }
  return mode; // probabilities summed to a hair less than 1
}

function logDensity(total: number, marked: number, drawn: number, k: number, log: LogFactorials): number {
  const rest = total - marked;
  const ways = log(marked) - log(k) - log(marked - k) + log(rest) - log(drawn - k) - log(rest - drawn + k);
  return ways - log(total) + log(drawn) + log(total - drawn);
}

/** ln n! of whole numbers. */
type LogFactorials = (n: number) => number;

/** Up to this total a table is quicker than the formula, which a draw needs nine times per bin. */
const MAX_TABLE = 65_536;

function logFactorialsTo(total: number): LogFactorials {
  if (total > MAX_TABLE) return logFactorial;
  const table = new Float64Array(total + 1);
  for (let n = 2; n <= total; n++) table[n] = logFactorial(n);
  return (n) => table[n] as number;
}
