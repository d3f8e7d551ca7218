/** The statistics drift is measured by: their names, which of them decide, and above what. */

/** Statistics over reference bins or categories. */
export const BINNED_STATISTICS = ['js', 'psi', 'chi2', 'hellinger', 'linf'] as const;
/** Statistics of a numeric feature; `ks` and `wasserstein` need the values themselves. */
export const STATISTICS = ['ks', 'js', 'psi', 'wasserstein', 'chi2', 'hellinger', 'linf'] as const;

/**
 * `ks` Kolmogorov–Smirnov distance · `js` Jensen–Shannon divergence, natural log · `psi` population stability index ·
 * `wasserstein` Wasserstein distance divided by the reference's standard deviation · `chi2` two-sample χ², no Yates ·
 * `hellinger` Hellinger distance · `linf` largest difference of a share.
 */
export type Statistic = (typeof STATISTICS)[number];
/** The statistics that categories have too. */
export type BinnedStatistic = (typeof BINNED_STATISTICS)[number];

/** How p was found: see `binnedNulls` and `wassersteinNull`. */
export type NullMethod = 'exact' | 'asymptotic' | 'chi-square' | 'union-bound' | 'moments' | 'permutation';

/** Which statistics are computed, which decides, and above what. */
export interface StatisticChoice {
  /** Threshold of the deciding statistic where `thresholds` has none for it and it is `ks` or `js`. */
  readonly threshold: number;
  /** Decides numeric features (default `ks`). */
  readonly numeric?: Statistic;
  /** Decides categorical features (default `js`). */
  readonly categorical?: BinnedStatistic;
  /** Thresholds by statistic; default: `threshold` for ks and js, 0.1 for psi, wasserstein, hellinger, linf, none (0) for chi2. */
  readonly thresholds?: Readonly<Partial<Record<Statistic, number>>>;
  /** Statistics to compute beside the deciding one (default: all). */
  readonly informing?: readonly Statistic[];
}

/** What the statistics other than ks and js must exceed; χ² grows with the rows, so that it is judged by its p only. */
const USUAL_THRESHOLD = 0.1;

/** The threshold of one statistic under a choice. */
export function thresholdOf(statistic: Statistic, choice: StatisticChoice): number {
  const own = choice.thresholds?.[statistic];
  if (own !== undefined) return own;
  if (statistic === 'chi2') return 0;
  return statistic === 'ks' || statistic === 'js' ? choice.threshold : USUAL_THRESHOLD;
}

/** The statistics to compute for a numeric feature, the deciding one first. */
export function numericStatistics({ numeric = 'ks', informing }: StatisticChoice): Statistic[] {
  return [numeric, ...STATISTICS.filter((name) => name !== numeric && (informing?.includes(name) ?? true))];
}

/** The statistics to compute for a categorical feature, the deciding one first. */
export function categoricalStatistics({ categorical = 'js', informing }: StatisticChoice): BinnedStatistic[] {
  return [
    categorical,
    ...BINNED_STATISTICS.filter((name) => name !== categorical && (informing?.includes(name) ?? true)),
  ];
}
