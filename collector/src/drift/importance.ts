/** From features to the data set: what share of the features, by their importance to the model, has drifted. */
import type { Verdict } from './verdict-names.ts';

/** Which share of drifted importance makes a window drifted. */
export interface ImportancePolicy {
  /** Importance of features, ≥ 0, in any unit; a feature that is not listed weighs nothing. Default: all weigh the same. */
  readonly importance?: Readonly<Record<string, number>>;
  /** The window has drifted when more than this share of the judged importance has, 0 to 1 (default 0: any). */
  readonly importanceShare?: number;
}

/**
 * The share of importance that drifted among the features that could be judged, and the verdict on the window.
 * @returns share null and `insufficient_data` when no feature that weighs anything could be judged. Cost: O(features).
 */
export function judgeDataset(
  features: readonly { readonly feature: string; readonly verdict: Verdict }[],
  { importance, importanceShare = 0 }: ImportancePolicy,
): { verdict: Verdict; share: number | null } {
  let [drifted, judged] = [0, 0];
  for (const { feature, verdict } of features) {
    if (verdict === 'insufficient_data') continue;
    const weight = importance === undefined ? 1 : Object.hasOwn(importance, feature) ? (importance[feature] ?? 0) : 0;
    judged += weight;
    if (verdict === 'drifted') drifted += weight;
  }
  if (judged === 0) return { verdict: 'insufficient_data', share: null };
  const share = drifted / judged;
  return { verdict: share > importanceShare ? 'drifted' : 'stable', share };
}
