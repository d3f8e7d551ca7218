/** What the service exports of experiments. */
import { MetricStore } from '../telemetry/store.ts';
import type { ExperimentReading, StoredExperiment } from './experiment-store.ts';

/** What the metrics are made from. */
export interface ExperimentMetricsOptions {
  readonly store: Pick<ExperimentReading, 'open'>;
  /** Epoch ms. */
  readonly now: () => number;
  /** Milliseconds a new counter shows 0, at least the scrape interval. */
  readonly zeroHold: number;
}

/** A prediction as far as it is counted. */
export interface CountedRow {
  readonly version: { readonly model: string; readonly version: string };
  /** JSON of name, epoch, propensity. */
  readonly experiment: string | null;
  readonly shadowOf: string | null;
}

type Counter = 'experimentAssignments' | 'experimentGuardrail';

/** Series that belong to no monitor; each names its model and version itself. */
const SERIES_LIMIT = 1_000_000;
/** Counts of arms not known yet; whoever makes up names of experiments must not fill the memory. */
const MAX_HELD = 1_000;

/**
 * Holds the series; attach `store` to the producer. Weights are what the last `refresh` found: every replica shows them, so they are aggregated
 * by `max`. Predictions and guardrails are counted by the replica that took or acted, so they add up. Only arms of experiments there are have
 * series: what names another one is counted nowhere.
 */
export class ExperimentMetrics {
  readonly store: MetricStore;
  readonly #options: ExperimentMetricsOptions;
  readonly #weights = new Map<string, number>();
  readonly #counters: Readonly<Record<Counter, Map<string, number>>> = {
    experimentAssignments: new Map(),
    experimentGuardrail: new Map(),
  };
  /** Counted before this replica knew of the experiment. */
  #held = new Map<string, number>();
  #asked = 0;
  #shown = 0;

  constructor(options: ExperimentMetricsOptions) {
    this.#options = options;
    const { now, zeroHold } = options;
    const name = { model: '', version: 'experiments', labels: {} };
    this.store = new MetricStore({ ...name, seriesLimit: SERIES_LIMIT, zeroHold, now });
  }

  /** Reads what runs. @throws PlumblineError `unavailable`; the series then stay as they were */
  async refresh(): Promise<void> {
    const turn = ++this.#asked;
    const open = await this.#options.store.open();
    // Several may be under way; what was read earlier must not be shown later.
    if (turn < this.#shown) return;
    this.#shown = turn;
    const gauge = this.store.gauge('experimentWeight');
    for (const series of this.#weights.values()) gauge.set(series, Number.NaN);
    for (const experiment of open) this.#show(experiment);
    this.#countHeld();
  }

  /** Counts predictions that were stored. */
  counted(rows: readonly CountedRow[]): void {
    for (const { version, experiment, shadowOf } of rows) {
      if (experiment === null || shadowOf !== null) continue;
      const { name } = JSON.parse(experiment) as { readonly name: string };
      this.#count('experimentAssignments', keyOf(version.model, name, version.version));
    }
  }

  /** Counts an arm that lost its weight. */
  stopped({ model, experiment, version }: Readonly<Record<'model' | 'experiment' | 'version', string>>): void {
    this.#count('experimentGuardrail', keyOf(model, experiment, version));
  }

  #show({ model, name, state, rules, epoch }: StoredExperiment): void {
    const gauge = this.store.gauge('experimentWeight');
    for (const { version } of rules.arms) {
      const labels = { model, experiment: name, version };
      const key = keyOf(model, name, version);
      const series = this.#weights.get(key) ?? gauge.declare(labels);
      this.#weights.set(key, series);
      gauge.set(series, state === 'running' ? (epoch?.weights[version] ?? 0) : 0);
      for (const counter of ['experimentAssignments', 'experimentGuardrail'] as const)
        if (!this.#counters[counter].has(key))
          this.#counters[counter].set(key, this.store.counter(counter).declare(labels));
    }
  }

  #count(counter: Counter, key: string): void {
    const series = this.#counters[counter].get(key);
    if (series !== undefined) return this.store.counter(counter).increment(series);
    const held = `${counter}\u0000${key}`;
    if (this.#held.has(held) || this.#held.size < MAX_HELD) this.#held.set(held, (this.#held.get(held) ?? 0) + 1);
  }

  #countHeld(): void {
    const held = this.#held;
    this.#held = new Map();
    for (const [name, by] of held) {
      const [counter, ...key] = name.split('\u0000');
      const series = this.#counters[counter as Counter].get(key.join('\u0000'));
      if (series !== undefined) this.store.counter(counter as Counter).increment(series, by);
    }
  }
}

function keyOf(model: string, experiment: string, version: string): string {
  return [model, experiment, version].join('\u0000');
}
