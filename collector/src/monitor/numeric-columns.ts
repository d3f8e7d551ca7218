/** Records numeric features: a bin per value for all replicas, the values themselves for the window's exact verdict. */
import { binLabels } from '../distribution/bins.ts';
import type { NumericReference } from '../distribution/reference.ts';
import { sortFloats } from '../distribution/sort-floats.ts';
import { serialDependence } from '../drift/autocorrelation.ts';
import { binnedSample, countValues, sampleOfProfile, type ValueCounts } from '../drift/samples.ts';
import type { FeatureValue } from '../prediction.ts';
import type { CounterFamily } from '../telemetry/families.ts';
import type { MetricStore } from '../telemetry/store.ts';
import { ColumnBins } from './column-bins.ts';
import type { ClosedFeature, RecorderContext } from './feature-recorder.ts';
import { InvalidCounter } from './invalid-counter.ts';
import { RowStore } from './row-store.ts';

interface Column {
  readonly reference: NumericReference;
  readonly sample: ValueCounts;
  readonly firstBucket: number;
  readonly invalid: InvalidCounter;
  /** The counters as they stood when the window began: the window's bins are what they grew by. */
  countsBefore: readonly number[];
}

/**
 * All numeric features of a reference, laid out flat. Recording a value is a look into a grid of bins, an addition and a store,
 * each done for the whole row before the next.
 */
export class NumericColumns {
  readonly #columns: readonly Column[];
  readonly #bins: ColumnBins;
  readonly #buckets: CounterFamily;
  /** The series of a row's values; −1 where there is none. */
  readonly #series: Int32Array;
  /** Row after row of the window, NaN where there is no finite number; undefined where bins are all that is kept. */
  readonly #rows: RowStore | undefined;

  constructor(store: MetricStore, references: readonly NumericReference[], context: RecorderContext) {
    const { schemas } = context;
    this.#buckets = store.counter('bucket');
    this.#columns = references.map((reference) => this.#declare(store, reference, context));
    this.#bins = new ColumnBins(
      this.#columns.map(({ reference: { feature, edges }, firstBucket: first }) => {
        const { min = -Number.MAX_VALUE, max = Number.MAX_VALUE } = schemas.get(feature) ?? {};
        return { edges, first, min, max };
      }),
    );
    this.#series = new Int32Array(references.length);
    this.#rows = context.exact ? new RowStore(references.length) : undefined;
  }

  /**
   * Records one row.
   * @param numbers a value per column, NaN where there is no number; what no distribution holds becomes NaN
   * @param read what the row really holds in a column, asked for where there is no number
   */
  record(numbers: Float64Array, read: (column: number) => FeatureValue): void {
    const series = this.#series;
    if (series.length === 0) return;
    if (this.#bins.findRow(numbers, series) > 0) this.#lookAgain(numbers, read);
    this.#buckets.incrementEach(series);
    this.#rows?.push(numbers);
  }

  /** Hands the window over, feature by feature, and starts the next; sorting happens when the verdict is made. @param rows predictions of the window */
  close(rows: number): (() => ClosedFeature)[] {
    const held = this.#rows?.close();
    return this.#columns.map((column, index) => {
      const bins = this.#grown(column);
      return held ? closedColumn(column, () => held.column(index), bins, rows) : closedBins(column, bins, rows);
    });
  }

  /** Sees to the values that are not usual ones. */
  #lookAgain(numbers: Float64Array, read: (column: number) => FeatureValue): void {
    const series = this.#series;
    for (let column = 0; column < series.length; column++) {
      if ((series[column] as number) >= 0) continue;
      const value = numbers[column] as number;
      if (this.#isKept(column, value, read)) series[column] = this.#bins.find(column, value);
      else numbers[column] = Number.NaN;
    }
  }

  /** Counts what is wrong with a value. @returns whether it is measured all the same */
  #isKept(column: number, value: number, read: (column: number) => FeatureValue): boolean {
    const { invalid } = this.#columns[column] as Column;
    if (Number.isNaN(value)) {
      const found = read(column);
      const missing = found === undefined || found === null || typeof found === 'number';
      invalid.count(missing ? 'missing' : 'type');
      return false;
    }
    invalid.count('range');
    // No distribution holds an infinity; a finite value out of the declared range is data, and drift should see it.
    return Number.isFinite(value);
  }

  #declare(store: MetricStore, reference: NumericReference, { labels, exact }: RecorderContext): Column {
    const { feature, edges } = reference;
    return {
      reference,
      sample: exact ? sampleOfProfile(reference) : binnedSample(reference, reference.counts),
      firstBucket: this.#buckets.declareCumulative(binLabels(edges).map(({ le }) => ({ ...labels, feature, le }))),
      invalid: new InvalidCounter(store, feature),
      countsBefore: reference.counts.map(() => 0),
    };
  }

  /** Values per bin since the last call. */
  #grown(column: Column): number[] {
    const { reference, firstBucket, countsBefore } = column;
    const counts = reference.counts.map((_, bin) => this.#buckets.value(firstBucket + bin));
    column.countsBefore = counts;
    return counts.map((count, bin) => count - (countsBefore[bin] as number));
  }
}

function closedColumn(
  { reference, sample, invalid }: Column,
  read: () => Float64Array,
  currentBins: readonly number[],
  rows: number,
): () => ClosedFeature {
  const faults = invalid.close();
  return () => {
    const values = read();
    // Before the values are sorted: the order is what it asks about.
    const serial = serialDependence(values);
    const current = countValues(sortFloats(values));
    const quality = { rows, ...faults, distinct: Math.min(2, current.values.length) };
    const { feature, counts: referenceBins } = reference;
    return {
      window: { feature, type: 'numeric', reference: sample, current, referenceBins, currentBins },
      serial,
      quality,
    };
  };
}

/** The same from counts per bin alone: D of Kolmogorov–Smirnov is a lower bound, and the order of the rows is not known. */
function closedBins(
  { reference, sample, invalid }: Column,
  currentBins: readonly number[],
  rows: number,
): () => ClosedFeature {
  const faults = invalid.close();
  return () => {
    const { feature, counts: referenceBins } = reference;
    const current = binnedSample(reference, currentBins);
    return {
      window: { feature, type: 'numeric', reference: sample, current, referenceBins, currentBins },
      serial: serialDependence(new Float64Array(0)),
      quality: { rows, ...faults, distinct: Math.min(2, currentBins.filter((count) => count > 0).length) },
    };
  };
}
