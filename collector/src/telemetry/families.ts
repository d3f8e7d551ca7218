/** Families of series, pre-aggregated: recording is an addition in an array, everything else happens at collection. */
import type { Attributes } from '@opentelemetry/api';
import { BinFinder } from '../distribution/bin-finder.ts';
import type { SeriesBudget } from './budget.ts';
import { ZeroHold } from './hold.ts';
import type { MetricSpec } from './names.ts';

/** The value of one series. */
export interface NumberPoint {
  readonly attributes: Attributes;
  readonly value: number;
}

/** The state of one histogram series. */
export interface HistogramPoint {
  readonly attributes: Attributes;
  /** Rows per bucket (not cumulative); one more than boundaries. */
  readonly counts: readonly number[];
  readonly sum: number;
  readonly count: number;
}

/** What families of one model version share. */
export interface FamilyContext {
  /** Labels of the one series of a histogram: model and version. */
  readonly base: Attributes;
  /** These with a series' own. */
  readonly attributesOf: (labels: Attributes) => Attributes;
  readonly budget: SeriesBudget;
  /** Milliseconds, see ZeroHold. */
  readonly zeroHold: number;
}

/** Series that only grow. */
export class CounterFamily {
  readonly spec: MetricSpec;
  readonly #context: FamilyContext;
  readonly #attributes: Attributes[] = [];
  readonly #hold: ZeroHold;
  readonly #groupStarts = new Set<number>();
  #values = new Float64Array(16);

  constructor(spec: MetricSpec, context: FamilyContext) {
    this.spec = spec;
    this.#context = context;
    this.#hold = new ZeroHold(context.zeroHold);
  }

  /** Adds a series known beforehand. @returns its index */
  declare(labels: Attributes): number {
    this.#context.budget.take(1, true);
    return this.#add(labels);
  }

  /** Adds a series that turned up later, or returns −1 when the budget is spent. */
  admit(labels: Attributes): number {
    return this.#context.budget.take(1) ? this.#add(labels) : -1;
  }

  /** Adds series that are exported cumulatively, each the sum of itself and those before. @returns the first index */
  declareCumulative(labels: readonly Attributes[]): number {
    const first = this.#attributes.length;
    for (const item of labels) this.declare(item);
    for (let index = first; index < this.#attributes.length; index++) this.#groupStarts.add(index);
    this.#groupStarts.delete(first);
    return first;
  }

  increment(series: number, by = 1): void {
    this.#values[series] = (this.#values[series] as number) + by;
  }

  /** Adds 1 to each of these series; a negative index is none. */
  incrementEach(series: Int32Array): void {
    const values = this.#values;
    for (let at = 0; at < series.length; at++) {
      const index = series[at] as number;
      if (index >= 0) values[index] = (values[index] as number) + 1;
    }
  }

  /** The true count of a series, held back or not. */
  value(series: number): number {
    return this.#values[series] as number;
  }

  collect(now: number): NumberPoint[] {
    let running = 0;
    return this.#attributes.map((attributes, index) => {
      const own = this.#values[index] as number;
      running = this.#groupStarts.has(index) ? running + own : own;
      return { attributes, value: this.#hold.released(index, now) ? running : 0 };
    });
  }

  #add(labels: Attributes): number {
    const index = this.#attributes.length;
    if (index === this.#values.length) {
      const grown = new Float64Array(index * 2);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#attributes.push(this.#context.attributesOf(labels));
    this.#hold.born();
    return index;
  }
}

/** Values that go up and down; a series whose value is NaN does not exist yet and is not shown. */
export class GaugeFamily {
  readonly spec: MetricSpec;
  readonly #context: FamilyContext;
  readonly #attributes: Attributes[] = [];
  readonly #values: number[] = [];

  constructor(spec: MetricSpec, context: FamilyContext) {
    this.spec = spec;
    this.#context = context;
  }

  /** Adds a series. @returns its index */
  declare(labels: Attributes, value = Number.NaN): number {
    this.#context.budget.take(1, true);
    this.#attributes.push(this.#context.attributesOf(labels));
    return this.#values.push(value) - 1;
  }

  set(series: number, value: number): void {
    this.#values[series] = value;
  }

  collect(): NumberPoint[] {
    const points: NumberPoint[] = [];
    this.#attributes.forEach((attributes, index) => {
      const value = this.#values[index] as number;
      if (!Number.isNaN(value)) points.push({ attributes, value });
    });
    return points;
  }
}

/** One histogram series per model version. */
export class HistogramFamily {
  readonly spec: MetricSpec;
  readonly #context: FamilyContext;
  readonly #buckets: BinFinder;
  readonly #counts: number[];
  readonly #hold: ZeroHold;
  #sum = 0;
  #count = 0;
  #exists = false;
  /** Also told of every value: the OpenTelemetry API has no observable histogram. */
  listener: ((value: number, attributes: Attributes) => void) | undefined;

  constructor(spec: MetricSpec, context: FamilyContext) {
    this.spec = spec;
    this.#context = context;
    const boundaries = spec.boundaries ?? [];
    this.#buckets = new BinFinder(boundaries);
    this.#counts = new Array<number>(boundaries.length + 1).fill(0);
    this.#hold = new ZeroHold(context.zeroHold);
    this.#hold.born();
  }

  /** Makes the series exist (all zero) before the first value. */
  declare(): void {
    if (this.#exists) return;
    this.#exists = true;
    this.#context.budget.take(this.#counts.length + 2, true);
  }

  observe(value: number): void {
    this.declare();
    const bucket = this.#buckets.find(value);
    this.#counts[bucket] = (this.#counts[bucket] as number) + 1;
    this.#sum += value;
    this.#count++;
    this.listener?.(value, this.#context.base);
  }

  collect(now: number): HistogramPoint[] {
    if (!this.#exists) return [];
    const attributes = this.#context.base;
    if (this.#hold.released(0, now))
      return [{ attributes, counts: [...this.#counts], sum: this.#sum, count: this.#count }];
    return [{ attributes, counts: this.#counts.map(() => 0), sum: 0, count: 0 }];
  }
}
