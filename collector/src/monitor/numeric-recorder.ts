/** Records a numeric feature: a bin per value for all replicas, the values themselves for the window's exact verdict. */
import { BinFinder } from '../distribution/bin-finder.ts';
import { binLabels } from '../distribution/bins.ts';
import type { NumericReference } from '../distribution/reference.ts';
import { sortFloats } from '../distribution/sort-floats.ts';
import { serialDependence } from '../drift/autocorrelation.ts';
import { countValues, type ValueCounts } from '../drift/samples.ts';
import type { FeatureValue } from '../prediction.ts';
import type { CounterFamily } from '../telemetry/families.ts';
import type { MetricStore } from '../telemetry/store.ts';
import type { ClosedFeature, FeatureRecorder, RecorderContext } from './feature-recorder.ts';
import { InvalidCounter } from './invalid-counter.ts';

/** Recording is a look into a grid of bins, an addition and a store; nothing is allocated. */
export class NumericRecorder implements FeatureRecorder {
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

  constructor(store: MetricStore, reference: NumericReference, { labels, window, schema }: RecorderContext) {
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
    this.#invalid = new InvalidCounter(store, reference.feature);
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

  close(rows: number): () => ClosedFeature {
    const values = this.#values.subarray(0, this.#size);
    const counts = this.#counts();
    const currentBins = counts.map((count, bin) => count - (this.#countsBefore[bin] as number));
    this.#countsBefore = counts;
    const faults = this.#invalid.close();
    this.#values = new Float64Array(this.#window);
    this.#size = 0;
    return () => {
      // Before the values are sorted: the order is what it asks about.
      const serial = serialDependence(values);
      const current = countValues(sortFloats(values));
      const quality = { rows, ...faults, distinct: Math.min(2, current.values.length) };
      const { feature } = this;
      const window = {
        feature,
        type: 'numeric' as const,
        reference: this.#sample,
        current,
        referenceBins: this.#reference.counts,
        currentBins,
      };
      return { window, serial, quality };
    };
  }

  /** Lifetime counts per bin. */
  #counts(): number[] {
    return this.#reference.counts.map((_, bin) => this.#buckets.value(this.#firstBucket + bin));
  }
}
