/**
 * An arm and the control, matched: what streams of a difference.
 *
 * Of the keys of these two, let q be the arm's share by the weights of the key's epoch. A key with outcome Y counts as
 * g = h/q · (Y − m) in the arm and g = −h/(1 − q) · (Y − m) in the control, with h = min(q, 1 − q) and m what was expected of the key before it came.
 * Then E[g | past] = h·τ whatever the base rate is at that time and whatever m is: τ is the effect on that key. So Σg/Σh estimates the mean
 * effect with matching weights (L. Li & T. Greene, "A weighting analogue to pair matching in propensity score analysis", 2013), and
 * neither a ramp nor a base rate that drifts makes a difference out of nothing. m only removes spread: a good one makes the sequence short. |g| ≤ 1 where Y is in [0, 1].
 */

import { NO_ENDS, type Ends } from './mean-sequence.ts';
import { mixtureBoundary } from './mixture-boundary.ts';

/** Sums over the keys of both. */
export interface MatchedSums {
  /** Σg, Σh and Σg². */
  difference: number;
  matched: number;
  squares: number;
  /** Keys and sum of outcomes of the arm and of the control, from which m comes. */
  readonly arm: PlainSum;
  readonly control: PlainSum;
}

/** Keys and the sum of their outcomes. */
export interface PlainSum {
  keys: number;
  total: number;
}

/** How strongly the mean of both is held on to, in keys, before a side's own mean counts. */
const PRIOR_KEYS = 5;

/** No key yet. */
export function noMatchedSums(): MatchedSums {
  return { difference: 0, matched: 0, squares: 0, arm: { keys: 0, total: 0 }, control: { keys: 0, total: 0 } };
}

/**
 * Counts a key. Cost: O(1). @param inArm whether it belongs to the arm, not to the control @param q the arm's share, within (0, 1)
 * @param outcome any finite number; within [0, 1] where the sequence is to hold at any number of keys
 */
export function addMatched(sums: MatchedSums, inArm: boolean, q: number, outcome: number): void {
  const h = Math.min(q, 1 - q);
  const g = (inArm ? h / q : -h / (1 - q)) * (outcome - expectedOutcome(sums, q));
  sums.difference += g;
  sums.matched += h;
  sums.squares += g * g;
  const own = inArm ? sums.arm : sums.control;
  own.keys++;
  own.total += outcome;
}

/** The m with the least spread: mostly the mean of the arm that is rarer, whose keys weigh more. Within the range of the outcomes. */
function expectedOutcome({ arm, control }: MatchedSums, q: number): number {
  const keys = arm.keys + control.keys;
  const pooled = keys === 0 ? 0.5 : (arm.total + control.total) / keys;
  const mean = (own: PlainSum): number => (own.total + PRIOR_KEYS * pooled) / (own.keys + PRIOR_KEYS);
  return (1 - q) * mean(arm) + q * mean(control);
}

/** Σg/Σh, between −1 and 1 for outcomes in [0, 1]; null where no key counts. */
export function matchedDifference({ difference, matched }: MatchedSums): number | null {
  return matched > 0 ? difference / matched : null;
}

/** Ends of the mean effect, for outcomes in [0, 1]; each fails, at any time, with probability alpha at most. */
export function matchedEnds({ difference, matched, squares }: MatchedSums, alpha: number): Ends {
  if (!(matched > 0)) return NO_ENDS;
  const reach = mixtureBoundary(squares, alpha);
  return { low: Math.max(-1, (difference - reach) / matched), high: Math.min(1, (difference + reach) / matched) };
}
