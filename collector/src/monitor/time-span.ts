/** From the earliest to the latest moment seen. */
export class TimeSpan {
  #from = Number.POSITIVE_INFINITY;
  #to = Number.NEGATIVE_INFINITY;

  /** @param time epoch ms */
  include(time: number): void {
    this.#from = Math.min(this.#from, time);
    this.#to = Math.max(this.#to, time);
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
