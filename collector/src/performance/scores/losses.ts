/** What one score costs, given the label: the proper scoring rules. */

/** Scores are kept this far from 0 and 1, as scikit-learn does for doubles: else one sure mistake would cost infinitely much. */
export const CLIP = Number.EPSILON;

/** −ln of the probability given to what happened, at most 36.04. @param score P(positive), 0 to 1 */
export function logLoss(score: number, positive: boolean): number {
  const clipped = Math.min(1 - CLIP, Math.max(CLIP, score));
  return positive ? -Math.log(clipped) : -Math.log1p(-clipped);
}

/** Squared difference of the score and what happened, 0 to 1 (G. Brier, 1950, per sample). */
export function squaredError(score: number, positive: boolean): number {
  const difference = score - (positive ? 1 : 0);
  return difference * difference;
}
