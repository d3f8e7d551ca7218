/** All series of one model version, with the two ways out in mind: one snapshot serves both. */
import type { Attributes } from '@opentelemetry/api';
import { SeriesBudget } from './budget.ts';
import {
  CounterFamily,
  GaugeFamily,
  HistogramFamily,
  type FamilyContext,
  type HistogramPoint,
  type NumberPoint,
} from './families.ts';
import { METRICS, type MetricKey, type MetricSpec } from './names.ts';

/** One metric of one model version as it stands. */
export type FamilySnapshot =
  | { readonly spec: MetricSpec; readonly kind: 'counter' | 'gauge'; readonly points: readonly NumberPoint[] }
  | { readonly spec: MetricSpec; readonly kind: 'histogram'; readonly points: readonly HistogramPoint[] };

/** Whose store it is, and its bounds. */
export interface MetricStoreOptions {
  readonly model: string;
  readonly version: string;
  readonly seriesLimit: number;
  /** Labels of every series (default: model and version). */
  readonly labels?: Attributes;
  /** Milliseconds a new series shows 0 after its first collection. */
  readonly zeroHold: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

type KeyOf<Kind> = { [Key in MetricKey]: (typeof METRICS)[Key]['kind'] extends Kind ? Key : never }[MetricKey];

/** Owns the families of one model version. */
export class MetricStore {
  readonly model: string;
  readonly version: string;
  readonly budget: SeriesBudget;
  /** When the counters started at 0, epoch ms. */
  readonly startTime: number;
  readonly #now: () => number;
  readonly #context: FamilyContext;
  readonly #counters = new Map<MetricKey, CounterFamily>();
  readonly #gauges = new Map<MetricKey, GaugeFamily>();
  readonly #histograms = new Map<MetricKey, HistogramFamily>();
  readonly #hooks: (() => void)[] = [];

  constructor(options: MetricStoreOptions) {
    this.model = options.model;
    this.version = options.version;
    this.budget = new SeriesBudget(options.seriesLimit);
    this.#now = options.now;
    this.startTime = options.now();
    const base = options.labels ?? { model: options.model, version: options.version };
    this.#context = { base, attributesOf: withBase(base), budget: this.budget, zeroHold: options.zeroHold };
  }

  counter(key: KeyOf<'counter'>): CounterFamily {
    return this.#counters.get(key) ?? added(this.#counters, key, new CounterFamily(METRICS[key], this.#context));
  }

  gauge(key: KeyOf<'gauge'>): GaugeFamily {
    return this.#gauges.get(key) ?? added(this.#gauges, key, new GaugeFamily(METRICS[key], this.#context));
  }

  /** @param boundaries in place of those of the table; they hold from the first call on */
  histogram(key: KeyOf<'histogram'>, boundaries: readonly number[] = METRICS[key].boundaries): HistogramFamily {
    const known = this.#histograms.get(key);
    return known ?? added(this.#histograms, key, new HistogramFamily({ ...METRICS[key], boundaries }, this.#context));
  }

  histograms(): Iterable<HistogramFamily> {
    return this.#histograms.values();
  }

  /** Called before each collection, to bring gauges up to date. */
  beforeCollect(hook: () => void): void {
    this.#hooks.push(hook);
  }

  /** The state to export now. Cost: O(series). */
  collect(): FamilySnapshot[] {
    for (const hook of this.#hooks) hook();
    const now = this.#now();
    const snapshots: FamilySnapshot[] = [];
    for (const family of this.#counters.values())
      snapshots.push({ spec: family.spec, kind: 'counter', points: family.collect(now) });
    for (const family of this.#gauges.values())
      snapshots.push({ spec: family.spec, kind: 'gauge', points: family.collect() });
    for (const family of this.#histograms.values())
      snapshots.push({ spec: family.spec, kind: 'histogram', points: family.collect(now) });
    return snapshots.filter((snapshot) => snapshot.points.length > 0);
  }
}

function added<Family>(families: Map<MetricKey, Family>, key: MetricKey, family: Family): Family {
  families.set(key, family);
  return family;
}

/** Families that are declared in step are given one and the same object of labels: their series share one of attributes. */
function withBase(base: Attributes): (labels: Attributes) => Attributes {
  let last: Attributes | undefined;
  let attributes = base;
  return (labels) => {
    if (labels !== last) attributes = { ...base, ...labels };
    last = labels;
    return attributes;
  };
}
