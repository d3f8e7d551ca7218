/** Counts what is wrong with a feature's values, for ever and per window. */
import type { CounterFamily } from '../telemetry/families.ts';
import type { MetricStore } from '../telemetry/store.ts';

/** Why a value does not count as it came. */
export const INVALID_REASONS = ['missing', 'type', 'range', 'unseen'] as const;
/** One of the reasons. */
export type InvalidReason = (typeof INVALID_REASONS)[number];

/** One feature's faults. */
export class InvalidCounter {
  readonly #family: CounterFamily;
  readonly #first: number;
  #before: readonly number[] = [0, 0, 0, 0];

  constructor(store: MetricStore, feature: string) {
    this.#family = store.counter('invalid');
    const indices = INVALID_REASONS.map((reason) => this.#family.declare({ feature, reason }));
    this.#first = indices[0] as number;
  }

  count(reason: InvalidReason): void {
    this.#family.increment(this.#first + INVALID_REASONS.indexOf(reason));
  }

  /** Faults since the last call: those of the window that closes. */
  close(): Record<InvalidReason, number> {
    const now = INVALID_REASONS.map((_, index) => this.#family.value(this.#first + index));
    const grown = now.map((value, index) => value - (this.#before[index] as number));
    this.#before = now;
    const [missing = 0, type = 0, range = 0, unseen = 0] = grown;
    return { missing, type, range, unseen };
  }
}
