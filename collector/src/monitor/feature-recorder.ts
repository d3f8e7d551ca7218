/**
 * Records one feature: lifetime counters that add up over replicas, and the values of the open drift window.
 * Recording is a binary search and two additions; nothing is allocated.
 */
import { BinFinder } from '../distribution/bin-finder.ts';
import { binLabels } from '../distribution/bins.ts';
import { sortFloats } from '../distribution/sort-floats.ts';
import type { CategoricalReference, FeatureReference, NumericReference } from '../distribution/reference.ts';
import type { FeatureWindow } from '../drift/feature-tests.ts';
import { countValues, type ValueCounts } from '../drift/samples.ts';
import { OTHER, type FeatureValue } from '../prediction.ts';
import type { CounterFamily } from '../telemetry/families.ts';
import type { MetricStore } from '../telemetry/store.ts';
import type { FeatureSchema } from './options.ts';

/** Why a value does not count as it came. */
export const INVALID_REASONS = ['missing', 'type', 'range', 'unseen'] as const;
/** One of the reasons. */
export type InvalidReason = (typeof INVALID_REASONS)[number];

/** A feature whose values flow in; `close` hands the window over and starts the next. */
export interface FeatureRecorder {
  readonly feature: string;
  record(value: FeatureValue): void;
  /** What the window held; sorting happens in the returned function, when the verdict is made. */
  close(): () => FeatureWindow;
}

/** Makes the recorder that fits a feature's reference, with all its series. */
export function createFeatureRecorder(
  store: MetricStore,
  reference: FeatureReference,
  context: { readonly referenceLabel: string; readonly window: number; readonly schema: FeatureSchema | undefined },
): FeatureRecorder {
  const invalid = new InvalidCounter(store, reference.feature);
  const labels = { reference: context.referenceLabel, feature: reference.feature };
  return reference.type === 'numeric'
    ? new NumericRecorder(store, reference, labels, invalid, context.window, context.schema)
    : new CategoricalRecorder(store, reference, labels, invalid);
}

class InvalidCounter {
  readonly #family: CounterFamily;
  readonly #first: number;

  constructor(store: MetricStore, feature: string) {
    this.#family = store.counter('invalid');
    const indices = INVALID_REASONS.map((reason) => this.#family.declare({ feature, reason }));
    this.#first = indices[0] as number;
  }

  count(reason: InvalidReason): void {
    this.#family.increment(this.#first + INVALID_REASONS.indexOf(reason));
  }
}

type Labels = Readonly<Record<'reference' | 'feature', string>>;

class NumericRecorder implements FeatureRecorder {
  readonly feature: string;
  readonly #reference: NumericReference;
  readonly #sample: ValueCounts;
  readonly #bins: BinFinder;
  readonly #buckets: CounterFamily;
  readonly #firstBucket: number;
  readonly #invalid: InvalidCounter;
  readonly #low: number;
  readonly #high: number;
  readonly #window: number;
  #values: Float64Array;
  /** The counters as they stood when the window began: the window's bins are what they grew by. */
  #countsBefore: readonly number[];
  #size = 0;

  constructor(
    store: MetricStore,
    reference: NumericReference,
    labels: Labels,
    invalid: InvalidCounter,
    window: number,
    schema: FeatureSchema | undefined,
  ) {
    this.feature = reference.feature;
    this.#reference = reference;
    this.#sample = {
      values: Float64Array.from(reference.values),
      counts: Float64Array.from(reference.valueCounts),
      total: reference.n,
    };
    this.#bins = new BinFinder(reference.edges);
    this.#buckets = store.counter('bucket');
    this.#firstBucket = this.#buckets.declareCumulative(
      binLabels(reference.edges).map(({ le }) => ({ ...labels, le })),
    );
    this.#invalid = invalid;
    this.#low = schema?.min ?? -Number.MAX_VALUE;
    this.#high = schema?.max ?? Number.MAX_VALUE;
    this.#window = window;
    this.#values = new Float64Array(window);
    this.#countsBefore = this.#counts();
  }

  record(value: FeatureValue): void {
    if (typeof value !== 'number') {
      this.#invalid.count(value === undefined || value === null ? 'missing' : 'type');
      return;
    }
    if (Number.isNaN(value)) {
      this.#invalid.count('missing');
      return;
    }
    if (value < this.#low || value > this.#high) this.#invalid.count('range');
    // No distribution holds an infinity; a finite value out of the declared range is data, and drift should see it.
    if (!Number.isFinite(value)) return;
    this.#buckets.increment(this.#firstBucket + this.#bins.find(value));
    this.#values[this.#size++] = value;
  }

  close(): () => FeatureWindow {
    const values = this.#values.subarray(0, this.#size);
    const counts = this.#counts();
    const currentBins = counts.map((count, bin) => count - (this.#countsBefore[bin] as number));
    this.#countsBefore = counts;
    this.#values = new Float64Array(this.#window);
    this.#size = 0;
    return () => ({
      feature: this.feature,
      type: 'numeric',
      reference: this.#sample,
      current: countValues(sortFloats(values)),
      referenceBins: this.#reference.counts,
      currentBins,
    });
  }

  /** Lifetime counts per bin. */
  #counts(): number[] {
    return this.#reference.counts.map((_, bin) => this.#buckets.value(this.#firstBucket + bin));
  }
}

class CategoricalRecorder implements FeatureRecorder {
  readonly feature: string;
  readonly #referenceCounts: readonly number[];
  readonly #index: ReadonlyMap<string, number>;
  readonly #family: CounterFamily;
  readonly #firstSeries: number;
  readonly #invalid: InvalidCounter;
  #counts: Float64Array;

  constructor(store: MetricStore, reference: CategoricalReference, labels: Labels, invalid: InvalidCounter) {
    this.feature = reference.feature;
    this.#referenceCounts = [...reference.counts, reference.other];
    this.#index = new Map(reference.categories.map((category, index) => [category, index]));
    this.#family = store.counter('categories');
    const series = [...reference.categories, OTHER].map((category) => this.#family.declare({ ...labels, category }));
    this.#firstSeries = series[0] as number;
    this.#invalid = invalid;
    this.#counts = new Float64Array(this.#referenceCounts.length);
  }

  record(value: FeatureValue): void {
    if (value === undefined || value === null || Number.isNaN(value)) {
      this.#invalid.count('missing');
      return;
    }
    if (typeof value === 'object' || typeof value === 'function') {
      this.#invalid.count('type');
      return;
    }
    const known = this.#index.get(String(value));
    if (known === undefined) this.#invalid.count('unseen');
    const index = known ?? this.#index.size;
    this.#family.increment(this.#firstSeries + index);
    this.#counts[index] = (this.#counts[index] as number) + 1;
  }

  close(): () => FeatureWindow {
    const current = this.#counts;
    this.#counts = new Float64Array(this.#referenceCounts.length);
    return () => ({ feature: this.feature, type: 'categorical', reference: this.#referenceCounts, current });
  }
}
