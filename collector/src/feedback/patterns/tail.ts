/** How likely it is by chance alone that a group holds so many errors. */
import jstat from 'jstat';

const { jStat } = jstat;

/** A group among all. */
export interface Group {
  /** Rows of the group, and errors among them. */
  readonly n: number;
  readonly errors: number;
}

/**
 * P(X ≥ errors of the group) when the errors fall on rows at random: the upper tail of the hypergeometric law, Fisher's exact test one-sided
 * ("greater"). As `scipy.stats.fisher_exact(…, alternative="greater")`. Cost: O(rows of the group) at most.
 * @param group at most as many rows and errors as `all`
 */
export function overRepresented(group: Group, all: Group): number {
  const most = Math.min(group.n, all.errors);
  const least = Math.max(0, group.n - (all.n - all.errors));
  if (group.errors <= least) return 1;
  // Summed from the smallest term on; each follows from the one before, so that only one needs logarithms.
  let term = probability(group.errors, group.n, all);
  let sum = term;
  for (let errors = group.errors; errors < most && term > sum * Number.EPSILON; errors++) {
    term *= ((group.n - errors) * (all.errors - errors)) / ((errors + 1) * (all.n - all.errors - group.n + errors + 1));
    sum += term;
  }
  return Math.min(1, sum);
}

function probability(errors: number, n: number, all: Group): number {
  const right = all.n - all.errors;
  return Math.exp(logChoose(all.errors, errors) + logChoose(right, n - errors) - logChoose(all.n, n));
}

function logChoose(n: number, k: number): number {
  return jStat.gammaln(n + 1) - jStat.gammaln(k + 1) - jStat.gammaln(n - k + 1);
}
