/**
 * The posterior probability of each arm to be the best of all: P(j best) = ∫ fⱼ(x) Πₖ Fₖ(x) dx, by quadrature, so the same input gives
 * the same numbers. It is what Thompson sampling draws arms with.
 */
import jstat from 'jstat';
import { checkRecords, refused } from '../distribution/arguments.ts';
import { normalTail } from '../drift/normal.ts';

const { ibeta } = jstat.jStat;

/** What is believed of an arm. */
export type Belief =
  /** A share with so many successes and failures, whole or not, under Jeffreys' prior Beta(½, ½). */
  | { readonly kind: 'share'; readonly successes: number; readonly failures: number }
  /** A number that is normal about its estimate. */
  | { readonly kind: 'normal'; readonly mean: number; readonly variance: number };

/** A distribution as quadrature needs it. */
interface Curve {
  readonly mean: number;
  readonly deviation: number;
  readonly cumulative: (x: number) => number;
}

/** Points a belief adds to the grid, and how far they reach, in standard deviations. */
const POINTS = 200;
const REACH = 8;
/** From so many trials on a beta distribution is normal to 1e-3, and the series of its integral slow. */
const MANY_TRIALS = 2_000;

/**
 * Probabilities in the order of the beliefs, summing to 1; right to about 1e-3. Equal beliefs get equal probabilities. Cost: O(arms² ·
 * 200). @param largest whether the largest is best, or the smallest
 * @throws PlumblineError `invalid_request` naming the belief that is none
 */
export function probabilityBest(beliefs: readonly Belief[], largest = true): number[] {
  checkRecords(beliefs, 'beliefs');
  const curves = Array.from(beliefs, curveOf);
  const grid = gridOf(curves);
  const values = curves.map(({ cumulative }) => grid.map((x) => (largest ? cumulative(x) : 1 - cumulative(x))));
  const raw = values.map((own, arm) => {
    let sum = 0;
    for (let point = 1; point < grid.length; point++) {
      const mass = Math.abs((own[point] as number) - (own[point - 1] as number));
      const others = (at: number): number =>
        values.reduce((product, other, index) => (index === arm ? product : product * (other[at] as number)), 1);
      sum += (mass * (others(point) + others(point - 1))) / 2;
    }
    return sum;
  });
  const total = raw.reduce((sum, value) => sum + value, 0);
  return raw.map((value) => value / total);
}

function curveOf(belief: Belief, index: number): Curve {
  if (!isBelief(belief))
    throw refused(
      `beliefs[${index}]`,
      'counts from 0, or a mean and a variance from 0',
      'Name what is believed by `kind`.',
    );
  if (belief.kind === 'normal') return normalCurve(belief.mean, Math.sqrt(belief.variance));
  const [a, b] = [belief.successes + 0.5, belief.failures + 0.5];
  const mean = a / (a + b);
  const deviation = Math.sqrt((mean * (1 - mean)) / (a + b + 1));
  if (Math.min(a, b) > MANY_TRIALS) return normalCurve(mean, deviation);
  return { mean, deviation, cumulative: (x) => (x <= 0 ? 0 : x >= 1 ? 1 : ibeta(x, a, b)) };
}

function isBelief(belief: Belief): boolean {
  if (belief.kind === 'share') return isAmount(belief.successes) && isAmount(belief.failures);
  return belief.kind === 'normal' && Number.isFinite(belief.mean) && isAmount(belief.variance);
}

function isAmount(value: unknown): boolean {
  return Number.isFinite(value) && (value as number) >= 0;
}

function normalCurve(mean: number, deviation: number): Curve {
  // No spread at all: a step, all the same with two sides.
  const width = Math.max(deviation, 1e-12 * Math.max(1, Math.abs(mean)));
  return { mean, deviation: width, cumulative: (x) => normalTail((mean - x) / width) };
}

/** Points about each mean, sorted, and ends beyond all of them. */
function gridOf(curves: readonly Curve[]): number[] {
  const points = curves.flatMap(({ mean, deviation }) =>
    Array.from({ length: POINTS + 1 }, (_, index) => mean + deviation * REACH * ((2 * index) / POINTS - 1)),
  );
  return points.sort((a, b) => a - b);
}
