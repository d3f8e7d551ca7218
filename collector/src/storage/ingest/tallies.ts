/** Sums of one commit by version. */
export interface Tally {
  predictions: number;
  labeled: number;
  expired: number;
}

/** Collects them. */
export class Tallies {
  readonly #byVersion = new Map<number, Tally>();

  of(versionId: number): Tally {
    const known = this.#byVersion.get(versionId);
    if (known) return known;
    const made = { predictions: 0, labeled: 0, expired: 0 };
    this.#byVersion.set(versionId, made);
    return made;
  }

  /** By version in ascending order: rows that several writers lock are locked in the same order by all. */
  entries(): [number, Tally][] {
    return [...this.#byVersion]
      .filter(([, { predictions, labeled, expired }]) => predictions + labeled + expired > 0)
      .sort(([a], [b]) => a - b);
  }
}
