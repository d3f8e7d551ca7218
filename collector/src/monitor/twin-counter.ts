/** A counter that comes from labels, with its twin that takes back: neither goes down when a label is corrected. */
import type { Attributes } from '@opentelemetry/api';
import type { CounterFamily } from '../telemetry/families.ts';
import type { MetricKey } from '../telemetry/names.ts';
import type { MetricStore } from '../telemetry/store.ts';

/** Names of counters that have a twin. */
export type TwinKey = Extract<MetricKey, `${string}Revoked`> extends `${infer Key}Revoked` ? Key : never;

/** Both sides, declared in step: one index serves both. */
export class TwinCounter {
  readonly #counted: CounterFamily;
  readonly #revoked: CounterFamily;

  constructor(store: MetricStore, key: TwinKey) {
    this.#counted = store.counter(key);
    this.#revoked = store.counter(`${key}Revoked`);
  }

  /** Adds a series on both sides. @returns its index */
  declare(labels: Attributes): number {
    this.#revoked.declare(labels);
    return this.#counted.declare(labels);
  }

  /** Counts (count 1) or takes back (−1) an amount. */
  add(series: number, count: 1 | -1, amount = 1): void {
    (count > 0 ? this.#counted : this.#revoked).increment(series, amount);
  }

  /** What is left after taking back. */
  net(series: number): number {
    return this.#counted.value(series) - this.#revoked.value(series);
  }
}
