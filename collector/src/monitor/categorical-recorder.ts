/** Records a categorical or boolean feature: a count per category of the reference, all others together. */
import type { CategoricalReference } from '../distribution/reference.ts';
import { categoricalDependence } from '../drift/autocorrelation.ts';
import { OTHER, type FeatureValue } from '../prediction.ts';
import type { CounterFamily } from '../telemetry/families.ts';
import type { MetricStore } from '../telemetry/store.ts';
import type { ClosedFeature, RecorderContext } from './feature-recorder.ts';
import { InvalidCounter } from './invalid-counter.ts';

/** Recording is one look-up and two additions; nothing is allocated. */
export class CategoricalRecorder {
  readonly feature: string;
  readonly #referenceCounts: readonly number[];
  readonly #index: ReadonlyMap<string, number>;
  readonly #family: CounterFamily;
  readonly #firstSeries: number;
  readonly #invalid: InvalidCounter;
  readonly #window: number;
  #counts: Float64Array;
  /** Categories of the window in order of arrival. */
  #codes: Uint16Array;
  #size = 0;

  constructor(store: MetricStore, reference: CategoricalReference, { labels, window }: RecorderContext) {
    this.feature = reference.feature;
    this.#referenceCounts = [...reference.counts, reference.other];
    this.#index = new Map(reference.categories.map((category, index) => [category, index]));
    this.#family = store.counter('categories');
    const series = [...reference.categories, OTHER].map((category) =>
      this.#family.declare({ ...labels, feature: reference.feature, category }),
    );
    this.#firstSeries = series[0] as number;
    this.#invalid = new InvalidCounter(store, reference.feature);
    this.#window = window;
    this.#counts = new Float64Array(this.#referenceCounts.length);
    this.#codes = new Uint16Array(window);
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
    const known = this.#index.get(typeof value === 'string' ? value : String(value));
    if (known === undefined) this.#invalid.count('unseen');
    const index = known ?? this.#index.size;
    this.#family.increment(this.#firstSeries + index);
    this.#counts[index] = (this.#counts[index] as number) + 1;
    this.#codes[this.#size++] = index;
  }

  /** What the window held, and starts the next. @param rows predictions of the window */
  close(rows: number): () => ClosedFeature {
    const current = this.#counts;
    const codes = this.#codes.subarray(0, this.#size);
    const faults = this.#invalid.close();
    this.#counts = new Float64Array(this.#referenceCounts.length);
    this.#codes = new Uint16Array(this.#window);
    this.#size = 0;
    const { feature } = this;
    return () => ({
      window: { feature, type: 'categorical', reference: this.#referenceCounts, current },
      serial: categoricalDependence(codes),
      quality: { rows, ...faults, distinct: Math.min(2, current.filter((count) => count > 0).length) },
    });
  }
}
