/** What the service exports of retraining: how runs ended, how long they took, how long a model cools down. */
import { policyOf } from '../lifecycle/policy.ts';
import { MetricStore } from '../telemetry/store.ts';
import { cooldownEnd } from './judge-start.ts';
import type { RetrainingReading } from './retraining-store.ts';
import { RESULTS, TRIGGERS, type RunResult, type TriggerName } from './run.ts';

/** What the metrics are made from. */
export interface RetrainingMetricsOptions {
  readonly store: Pick<RetrainingReading, 'policies' | 'lastStarts'>;
  /** Epoch ms. */
  readonly now: () => number;
  /** Milliseconds a new counter shows 0, at least the scrape interval. */
  readonly zeroHold: number;
  /** Exports a store; each model has one of its own, since a histogram belongs to one. */
  readonly attach: (store: MetricStore) => void;
}

interface ModelMetrics {
  readonly store: MetricStore;
  readonly runs: Map<string, number>;
  readonly cooldown: number;
  cooldownEnd: number | null;
}

const SERIES_LIMIT = 1_000;

/**
 * Holds the series of models that have a trainer, and of those that were refused one. Call `refresh` now and then: another replica may have
 * changed a policy or started a run. Ends are counted by the replica that wrote them down.
 */
export class RetrainingMetrics {
  readonly #options: RetrainingMetricsOptions;
  readonly #models = new Map<string, ModelMetrics>();

  constructor(options: RetrainingMetricsOptions) {
    this.#options = options;
  }

  /** Reads what is stored. @throws PlumblineError `unavailable`; the series then stay as they were */
  async refresh(): Promise<void> {
    const { store, now } = this.#options;
    const [policies, starts] = [await store.policies(), await store.lastStarts()];
    const lastStart = new Map(starts.map(({ model, at }) => [model, at]));
    for (const { model, changes } of policies) {
      const { retraining } = policyOf(changes);
      if (retraining.trainer === null && !this.#models.has(model)) continue;
      const history = { lastStart: lastStart.get(model) ?? null };
      this.#of(model).cooldownEnd = cooldownEnd(retraining, history, now());
    }
  }

  /** Counts an end; `seconds` where something ran. */
  ended(model: string, trigger: TriggerName, result: RunResult, seconds?: number): void {
    const { store, runs } = this.#of(model);
    store.counter('retrainingRuns').increment(runs.get(`${trigger} ${result}`) as number);
    if (seconds !== undefined) store.histogram('retrainingDuration').observe(Math.max(0, seconds));
  }

  #of(model: string): ModelMetrics {
    const known = this.#models.get(model);
    if (known) return known;
    const { now, zeroHold, attach } = this.#options;
    const store = new MetricStore({
      ...{ model, version: 'retraining', labels: { model }, seriesLimit: SERIES_LIMIT, zeroHold, now },
    });
    const counter = store.counter('retrainingRuns');
    const runs = new Map<string, number>();
    for (const trigger of TRIGGERS)
      for (const result of RESULTS) runs.set(`${trigger} ${result}`, counter.declare({ trigger, result }));
    store.histogram('retrainingDuration').declare();
    const gauge = store.gauge('retrainingCooldown');
    const made: ModelMetrics = { store, runs, cooldown: gauge.declare({}, 0), cooldownEnd: null };
    store.beforeCollect(() => {
      gauge.set(made.cooldown, made.cooldownEnd === null ? 0 : Math.max(0, (made.cooldownEnd - now()) / 1_000));
    });
    this.#models.set(model, made);
    attach(store);
    return made;
  }
}
