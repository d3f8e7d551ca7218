/** Counts values of features that had stopped to vary: a fault that shows in a whole window only. */
import type { ReferenceProfile } from '../distribution/reference.ts';
import type { CounterFamily } from '../telemetry/families.ts';
import type { MetricStore } from '../telemetry/store.ts';
import type { FeatureReport } from './drift-judge.ts';

/** `ml.feature.invalid` with the reason `constant`, counted with the verdict on the window. */
export class ConstantCounter {
  readonly #family: CounterFamily;
  readonly #series: ReadonlyMap<string, number>;

  constructor(store: MetricStore, { features }: ReferenceProfile) {
    this.#family = store.counter('invalid');
    this.#series = new Map(
      features.map(({ feature }) => [feature, this.#family.declare({ feature, reason: 'constant' })]),
    );
  }

  /** Counts the values of each feature that was constant in this window while the reference has several. */
  count(features: readonly FeatureReport[]): void {
    for (const { feature, quality, tests } of features) {
      const series = this.#series.get(feature);
      if (quality.constant && series !== undefined) this.#family.increment(series, tests[0]?.n ?? 0);
    }
  }
}
