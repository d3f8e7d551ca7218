/** Counters with a fixed set of reasons or statuses, all born at zero. */
import type { CounterFamily } from '../telemetry/families.ts';
import type { MetricStore } from '../telemetry/store.ts';

/** Why a record is lost. */
export const DROP_REASONS = ['closed'] as const;
/** Why a record is not taken as it was given. */
export const REJECT_REASONS = [
  'duplicate_id',
  'unknown_class',
  'class_overflow',
  'invalid_prediction',
  'invalid_label',
  'invalid_id',
  'invalid_timestamp',
  'invalid_score',
  'invalid_duration',
  'unknown_segment',
  'invalid_feedback',
] as const;
/** What failed inside or around recording. */
export const ERROR_REASONS = [
  'recording_failed',
  'drift_failed',
  'callback_failed',
  'predict_failed',
  'to_row_failed',
  'reference_failed',
] as const;

/** One of the reasons. */
export type DropReason = (typeof DROP_REASONS)[number];
/** One of the reasons. */
export type RejectReason = (typeof REJECT_REASONS)[number];
/** One of the reasons. */
export type ErrorReason = (typeof ERROR_REASONS)[number];

/** One counter family over a closed set of label values. */
export class ClosedCounter<Value extends string> {
  readonly #family: CounterFamily;
  readonly #series: ReadonlyMap<Value, number>;

  constructor(
    store: MetricStore,
    key: 'dropped' | 'rejected' | 'errors' | 'labels',
    label: string,
    values: readonly Value[],
  ) {
    this.#family = store.counter(key);
    this.#series = new Map(values.map((value) => [value, this.#family.declare({ [label]: value })]));
  }

  count(value: Value, by = 1): void {
    if (by > 0) this.#family.increment(this.#series.get(value) as number, by);
  }
}
