/** All features of a reference: rows in, windows out. */
import type {
  CategoricalReference,
  FeatureReference,
  NumericReference,
  ReferenceProfile,
} from '../distribution/reference.ts';
import type { QualityReference } from '../drift/data-quality.ts';
import { SCORE_FEATURE, VALUE_FEATURE } from '../prediction.ts';
import type { MetricStore } from '../telemetry/store.ts';
import { CategoricalRecorder } from './categorical-recorder.ts';
import type { ClosedFeature, RecorderContext } from './feature-recorder.ts';
import { NumericColumns } from './numeric-columns.ts';
import { ownValue } from './row-checks.ts';
import { RowReader, type Features } from './row-reader.ts';

/** Records the features of rows. */
export class FeatureTable {
  readonly #reader: RowReader;
  readonly #numeric: NumericColumns;
  readonly #categorical: readonly CategoricalRecorder[];
  readonly #order: readonly FeatureReference[];
  readonly #score: number;
  readonly #value: number;
  readonly #read: (column: number) => ReturnType<typeof ownValue>;
  #row: Features | undefined | null;

  constructor(store: MetricStore, { features }: ReferenceProfile, context: RecorderContext) {
    const numeric = features.filter((feature): feature is NumericReference => feature.type === 'numeric');
    const categorical = features.filter((feature): feature is CategoricalReference => feature.type === 'categorical');
    const names = numeric.map(({ feature }) => feature);
    this.#order = features;
    this.#numeric = new NumericColumns(store, numeric, context);
    this.#categorical = categorical.map((feature) => new CategoricalRecorder(store, feature, context));
    this.#reader = new RowReader({ numeric: names, categorical: categorical.map(({ feature }) => feature) });
    this.#score = names.indexOf(SCORE_FEATURE);
    this.#value = names.indexOf(VALUE_FEATURE);
    this.#read = (column) => ownValue(this.#row, names[column] as string);
  }

  /**
   * Records a row; a feature it does not hold counts as missing. Cost: O(features), nothing is allocated.
   * @param score, @param value what is watched as `__score__` and `__prediction__`; NaN where there is none
   */
  record(features: Features | undefined | null, score: number, value: number): void {
    this.#row = features;
    this.#reader.read(features);
    const { numbers, categories } = this.#reader.columns;
    if (this.#score >= 0) numbers[this.#score] = score;
    if (this.#value >= 0) numbers[this.#value] = value;
    this.#numeric.record(numbers, this.#read);
    for (let column = 0; column < categories.length; column++) {
      const recorder = this.#categorical[column] as CategoricalRecorder;
      const found = categories[column];
      recorder.record(typeof found === 'string' ? found : ownValue(features, recorder.feature));
    }
    this.#row = undefined;
  }

  /** What the window held, in the order of the reference, and starts the next. @param rows predictions of the window */
  close(rows: number): (() => ClosedFeature)[] {
    const numeric = this.#numeric.close(rows).values();
    const categorical = this.#categorical.map((recorder) => recorder.close(rows)).values();
    return this.#order.map(
      ({ type }) => (type === 'numeric' ? numeric : categorical).next().value as () => ClosedFeature,
    );
  }
}

/** What the reference says about a feature's quality. */
export function qualityReference(reference: FeatureReference): QualityReference {
  const counts = reference.type === 'numeric' ? reference.valueCounts : [...reference.counts, reference.other];
  const most = counts.reduce((top, count) => Math.max(top, count), 0);
  return { rows: reference.n + reference.missing, missing: reference.missing, topShare: most / reference.n };
}
