/** The series budget of one model version: what may not grow without bound is allocated here first. */
export class SeriesBudget {
  readonly limit: number;
  #used = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  get used(): number {
    return this.#used;
  }

  /** Takes `count` series when they fit; declared series are taken with `force`, since a contract must not lose a part. */
  take(count: number, force = false): boolean {
    if (!force && this.#used + count > this.limit) return false;
    this.#used += count;
    return true;
  }
}
