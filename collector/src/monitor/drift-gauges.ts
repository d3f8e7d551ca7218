/** The last closed window of this process as gauges. They appear with the first verdict: before it there is nothing to say. */
import { referenceLabel, type ReferenceProfile } from '../distribution/reference.ts';
import type { DriftPolicy, FeatureVerdict } from '../drift/verdict.ts';
import type { MetricStore } from '../telemetry/store.ts';

interface FeatureGauges {
  readonly drifted: number;
  readonly window: number;
  /** By statistic: its series in `drift`, `driftThreshold` and `driftPValue`, which are declared in step. */
  readonly tests: Map<string, number>;
}

/** The gauges of every feature of one reference. */
export class DriftGauges {
  readonly #store: MetricStore;
  readonly #reference: string;
  readonly #minimum: number;
  readonly #features = new Map<string, FeatureGauges>();

  constructor(store: MetricStore, reference: ReferenceProfile, policy: DriftPolicy) {
    this.#store = store;
    this.#reference = referenceLabel(reference);
    this.#minimum = policy.minimum;
    for (const { feature } of reference.features) {
      const labels = { reference: this.#reference, feature };
      const drifted = store.gauge('drifted').declare(labels);
      this.#features.set(feature, { drifted, window: store.gauge('window').declare(labels), tests: new Map() });
    }
  }

  /** Shows the verdicts of one window; below the minimum n a feature shows its n and neither 0 nor 1. */
  show(verdicts: readonly FeatureVerdict[]): void {
    for (const verdict of verdicts) {
      const gauges = this.#features.get(verdict.feature);
      if (!gauges) continue;
      const n = verdict.tests[0]?.n ?? 0;
      this.#store.gauge('window').set(gauges.window, n);
      const decided = verdict.verdict !== 'insufficient_data';
      this.#store.gauge('drifted').set(gauges.drifted, decided ? Number(verdict.verdict === 'drifted') : Number.NaN);
      for (const test of verdict.tests) {
        const series = this.#seriesOf(gauges, verdict.feature, test.statistic);
        const enough = n >= this.#minimum;
        this.#store.gauge('drift').set(series, enough ? (test.value ?? Number.NaN) : Number.NaN);
        this.#store.gauge('driftThreshold').set(series, test.threshold);
        this.#store.gauge('driftPValue').set(series, enough ? (test.p_value ?? Number.NaN) : Number.NaN);
      }
    }
  }

  #seriesOf(gauges: FeatureGauges, feature: string, statistic: string): number {
    const known = gauges.tests.get(statistic);
    if (known !== undefined) return known;
    const labels = { reference: this.#reference, feature, statistic };
    this.#store.gauge('driftThreshold').declare(labels);
    this.#store.gauge('driftPValue').declare(labels);
    const series = this.#store.gauge('drift').declare(labels);
    gauges.tests.set(statistic, series);
    return series;
  }
}
