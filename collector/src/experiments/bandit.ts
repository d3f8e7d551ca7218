/** Weights by Thompson sampling: each arm gets new keys as often as it is believed to be the best, and never less often than a floor. */
import { checkRecord, checkRecords, refused } from '../distribution/arguments.ts';
import { probabilityBest, type Belief } from './probability-best.ts';
import type { Share } from './target-buckets.ts';

/** An arm and what is believed of it. */
export interface BanditArm {
  readonly version: string;
  readonly belief: Belief;
}

/** How weights are made. */
export interface BanditOptions {
  /**
   * Least share of each arm, default 0.05, at most 1/arms. Each arm then keeps learning, and a comparison of what was routed
   * so stays possible: differences weigh each key by its share.
   */
  readonly floor?: number;
  /** Whether the largest value is best (default), or the smallest, as of an error. */
  readonly largest?: boolean;
}

/**
 * Weights that sum to 1: floor + (1 − arms · floor) · P(best). They are the propensities: logged with the epoch they open, they keep
 * later comparisons honest. The same beliefs give the same weights; to draw an arm from them is `allocate`'s business, by key.
 * Cost: see `probabilityBest`. @throws PlumblineError `invalid_request` naming the arm, belief or option that is wrong: a floor there is no room for
 */
export function banditWeights(arms: readonly BanditArm[], options: BanditOptions = {}): Share[] {
  checkRecords(arms, 'arms');
  checkRecord(options, 'options');
  const { floor = 0.05, largest = true } = options;
  if (!(floor >= 0 && floor * arms.length <= 1))
    throw refused('floor', `a number from 0 to 1/${arms.length}`, 'Lower the floor or leave out an arm.');
  const best = probabilityBest(
    arms.map(({ belief }) => belief),
    largest,
  );
  return arms.map(({ version }, index) => ({
    version,
    weight: floor + (1 - arms.length * floor) * (best[index] as number),
  }));
}
