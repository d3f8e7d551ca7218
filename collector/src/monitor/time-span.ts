/** From the earliest to the latest moment seen. */
export class TimeSpan {
  #from = Number.POSITIVE_INFINITY;
  #to = Number.NEGATIVE_INFINITY;

  /** @param time epoch ms */
  include(time: number): void {
    if (time < this.#from) this.#from = time;
    if (time > this.#to) this.#to = time;
  }

  /** Includes all that another one includes. */
  merge(other: TimeSpan): void {
    this.#from = Math.min(this.#from, other.#from);
    this.#to = Math.max(this.#to, other.#to);
  }

  /** Epoch ms of the first and the last moment; both infinite before the first. */
  get ends(): readonly [number, number] {
    return [this.#from, this.#to];
  }

  /** RFC 3339; null before the first. */
  get from(): string | null {
    return timeText(this.#from);
  }

  /** RFC 3339; null before the first. */
  get to(): string | null {
    return timeText(this.#to);
  }
}

function timeText(time: number): string | null {
  return Number.isFinite(time) ? new Date(time).toISOString() : null;
}
