/** Counts the features of one replica's predictions; windows are judged elsewhere, over the predictions of all replicas. */
import { referenceLabel, type ReferenceProfile } from '../distribution/reference.ts';
import type { FeatureVerdict } from '../drift/verdict.ts';
import type { MetricStore } from '../telemetry/store.ts';
import { DriftGauges } from './drift-gauges.ts';
import { FeatureTable } from './feature-table.ts';
import type { MonitorConfig } from './options.ts';
import { publishReference } from './reference-gauges.ts';
import type { Features } from './row-reader.ts';

/** The counters and gauges of one reference. */
export class FeatureCounts {
  readonly #table: FeatureTable;
  readonly #gauges: DriftGauges;
  readonly #window: number;
  #rows = 0;

  constructor(store: MetricStore, reference: ReferenceProfile, config: MonitorConfig) {
    this.#window = config.window;
    this.#table = new FeatureTable(store, reference, {
      labels: { reference: referenceLabel(reference) },
      window: config.window,
      exact: false,
      schemas: config.features,
    });
    publishReference(store, reference, config.policy.alpha);
    this.#gauges = new DriftGauges(store, reference, config.policy);
  }

  /** Counts one prediction's features. @param score, @param value as `FeatureTable.record` */
  record(features: Features | undefined | null, score: number, value: number): void {
    this.#table.record(features, score, value);
    if (++this.#rows < this.#window) return;
    // What recorders hold of a window must not grow beyond it.
    this.#table.close(this.#rows);
    this.#rows = 0;
  }

  /** Shows the verdict on the last closed window. */
  show(verdicts: readonly FeatureVerdict[]): void {
    this.#gauges.show(verdicts);
  }
}
