/** Sums of one number a key. */

/** Keys, the sum of their numbers and the sum of squares. */
export interface Moments {
  n: number;
  total: number;
  squares: number;
}

/** None yet. */
export function noMoments(): Moments {
  return { n: 0, total: 0, squares: 0 };
}

/** Counts a key. */
export function addMoment(moments: Moments, value: number): void {
  moments.n++;
  moments.total += value;
  moments.squares += value * value;
}

/** A weighted mean of independent numbers. */
export interface WeightedMean {
  readonly value: number;
  /** Square of its standard error. */
  readonly variance: number;
  /** Numbers behind it, and the sum of their weights. */
  readonly n: number;
  readonly weight: number;
}

/** The mean of groups of keys, each group with its weight a key; undefined of no key. */
export function weightedMean(groups: readonly (readonly [Moments, number])[]): WeightedMean | undefined {
  const sum = (term: (moments: Moments, weight: number) => number): number =>
    groups.reduce((total, [moments, weight]) => total + term(moments, weight), 0);
  const weight = sum((moments, each) => moments.n * each);
  if (!(weight > 0)) return undefined;
  const value = sum((moments, each) => moments.total * each) / weight;
  const spread = sum((moments, each) => each * each * spreadAbout(moments, value));
  return { value, variance: spread / (weight * weight), n: sum((moments) => moments.n), weight };
}

/** Σ (x − centre)². */
export function spreadAbout({ n, total, squares }: Moments, centre: number): number {
  return Math.max(0, squares - 2 * centre * total + n * centre * centre);
}
