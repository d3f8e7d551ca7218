/** How long predictions are kept, and when a label is late or no longer waited for. */

/** A model's rules; all in milliseconds. */
export interface LabelPolicy {
  /** A label this long after its prediction counts as late. */
  readonly deadline: number;
  /** A prediction that waited so long since it arrived has expired: a label that comes later is unknown. */
  readonly expiry: number;
  /** Predictions are kept so long after they arrived, and not less than `expiry`; hourly sums after that. */
  readonly retention: number;
}

const DAY = 86_400_000;

/** What holds where a model's policy says nothing else, in the units a policy is written in. */
export const DEFAULT_LABEL_RULES = Object.freeze({
  retentionDays: 90,
  labelDeadlineSeconds: (7 * DAY) / 1000,
  labelExpirySeconds: (30 * DAY) / 1000,
});

/** Rules out of what a policy changes. @param changes JSON text of the policy; null where there is none */
export function labelPolicyOf(changes: string | null): LabelPolicy {
  const given =
    changes === null ? {} : (JSON.parse(changes) as Partial<Record<keyof typeof DEFAULT_LABEL_RULES, number>>);
  const { retentionDays, labelDeadlineSeconds, labelExpirySeconds } = { ...DEFAULT_LABEL_RULES, ...given };
  const expiry = labelExpirySeconds * 1000;
  return { deadline: labelDeadlineSeconds * 1000, expiry, retention: Math.max(retentionDays * DAY, expiry) };
}
