/**
 * The other way out: through whatever MeterProvider the process has, by the OpenTelemetry API alone. Counters and gauges are
 * observable instruments read from the same snapshot. Two limits come with it, and neither can be lifted from here: the
 * API has no observable histogram, so histograms are recorded one by one and are not born at zero; and the SDK folds what
 * exceeds 2,000 attribute sets per instrument unless a View raises `aggregationCardinalityLimit` (we warn before that).
 */
import { diag, type BatchObservableResult, type Meter, type MeterProvider, type Observable } from '@opentelemetry/api';
import { METRICS, type MetricSpec } from './names.ts';
import { duplicateMonitor } from './producer.ts';
import { SCOPE } from './scope.ts';
import type { MetricStore } from './store.ts';

/** The SDK's default limit, one set of which is its overflow series. */
const SDK_CARDINALITY_LIMIT = 1_999;

/** The instruments of one MeterProvider, shared by all monitors on it. */
class InstrumentExport {
  readonly #stores = new Map<string, MetricStore>();
  readonly #observables = new Map<string, Observable>();
  readonly #meter: Meter;
  #warned = false;

  constructor(provider: MeterProvider) {
    this.#meter = provider.getMeter(SCOPE.name);
    for (const spec of Object.values(METRICS)) {
      const observable = this.#create(spec);
      if (observable) this.#observables.set(spec.name, observable);
    }
    this.#meter.addBatchObservableCallback((result) => this.#observe(result), [...this.#observables.values()]);
  }

  attach(store: MetricStore): () => void {
    const key = `${store.model}\u0000${store.version}`;
    if (this.#stores.has(key)) throw duplicateMonitor(store);
    this.#stores.set(key, store);
    for (const family of store.histograms()) {
      const { name, description, unit = '', boundaries = [] } = family.spec;
      const histogram = this.#meter.createHistogram(name, {
        description,
        unit,
        advice: { explicitBucketBoundaries: [...boundaries] },
      });
      family.listener = (value, attributes) => histogram.record(value, attributes);
    }
    return () => {
      if (this.#stores.get(key) === store) this.#stores.delete(key);
    };
  }

  #create(spec: MetricSpec): Observable | undefined {
    const options = { description: spec.description, unit: spec.unit ?? '' };
    if (spec.kind === 'counter') return this.#meter.createObservableCounter(spec.name, options);
    if (spec.kind === 'gauge') return this.#meter.createObservableGauge(spec.name, options);
    return undefined;
  }

  #observe(result: BatchObservableResult): void {
    const sets = new Map<string, number>();
    for (const store of this.#stores.values()) {
      for (const { spec, kind, points } of store.collect()) {
        const observable = this.#observables.get(spec.name);
        if (kind === 'histogram' || !observable) continue;
        sets.set(spec.name, (sets.get(spec.name) ?? 0) + points.length);
        for (const point of points) result.observe(observable, point.value, point.attributes);
      }
    }
    this.#warnAboutFolding(sets);
  }

  #warnAboutFolding(sets: Map<string, number>): void {
    if (this.#warned) return;
    for (const [name, count] of sets) {
      if (count <= SDK_CARDINALITY_LIMIT) continue;
      this.#warned = true;
      diag.warn(
        `Plumbline: ${name} has ${count} attribute sets; OpenTelemetry folds what exceeds 2,000 per instrument. ` +
          'Export through a MonitorMetricProducer, or raise aggregationCardinalityLimit in a View.',
      );
      return;
    }
  }
}

const exports = new WeakMap<MeterProvider, InstrumentExport>();

/** Exports a store through a MeterProvider's observable instruments. @returns a function that takes it out again */
export function attachToMeterProvider(provider: MeterProvider, store: MetricStore): () => void {
  let shared = exports.get(provider);
  if (!shared) exports.set(provider, (shared = new InstrumentExport(provider)));
  return shared.attach(store);
}
