/** What the service exports of the registry: moves, thresholds, and which versions there are, in which stage. */
import { MetricStore } from '../telemetry/store.ts';
import type { Transition } from './lifecycle.ts';
import type { CurrentVersion, LifecycleReading } from './lifecycle-store.ts';
import { policyOf } from './policy.ts';

/** Every kind of move. */
export const TRANSITION_KINDS = ['promoted', 'rolled_back', 'deprecated', 'overridden'] as const;

/** What the metrics are made from. */
export interface LifecycleMetricsOptions {
  readonly store: Pick<LifecycleReading, 'policies' | 'currentVersions'>;
  /** Epoch ms. */
  readonly now: () => number;
  /** Milliseconds a new counter shows 0, at least the scrape interval. */
  readonly zeroHold: number;
  /** Whether a monitor of this process describes a version itself, with its stage: two would say the same series twice. */
  readonly describes?: (model: string, version: string) => boolean;
}

/** Series that belong to no monitor; each names its model and version itself. */
const SERIES_LIMIT = 1_000_000;

/**
 * Holds the series; attach `store` to the producer. Thresholds and stages are what the last `refresh` found, so refresh now and then (another
 * replica may have changed them) and after each change of one's own. Moves are counted by the replica that made them.
 */
export class LifecycleMetrics {
  readonly store: MetricStore;
  readonly #options: LifecycleMetricsOptions;
  readonly #moves = new Map<string, number>();
  readonly #thresholds = new Map<string, number>();
  readonly #infos = new Map<string, number>();
  #versions: readonly CurrentVersion[] = [];
  #asked = 0;
  #shown = 0;

  constructor(options: LifecycleMetricsOptions) {
    this.#options = options;
    const { now, zeroHold } = options;
    const name = { model: '', version: 'lifecycle', labels: {} };
    this.store = new MetricStore({ ...name, seriesLimit: SERIES_LIMIT, zeroHold, now });
    this.store.beforeCollect(() => this.#describe());
  }

  /** Reads what is stored. @throws PlumblineError `unavailable`; the series then stay as they were */
  async refresh(): Promise<void> {
    const { store } = this.#options;
    const turn = ++this.#asked;
    const [versions, policies] = [await store.currentVersions(), await store.policies()];
    // Several may be under way; what was read earlier must not be shown later.
    if (turn < this.#shown) return;
    this.#shown = turn;
    this.#versions = versions;
    for (const { model, version } of versions) for (const kind of TRANSITION_KINDS) this.#move(model, version, kind);
    const family = this.store.gauge('threshold');
    for (const series of this.#thresholds.values()) family.set(series, Number.NaN);
    for (const { model, changes } of policies)
      for (const [metric, levels] of Object.entries(policyOf(changes).thresholds))
        for (const [severity, value] of Object.entries(levels))
          family.set(seriesOf(this.#thresholds, family, { model, metric, severity }), value);
  }

  /** Counts a move that was committed. */
  moved({ model, version, kind }: Transition): void {
    this.store.counter('transitions').increment(this.#move(model, version, kind));
  }

  #move(model: string, version: string, kind: string): number {
    return seriesOf(this.#moves, this.store.counter('transitions'), { model, version, kind });
  }

  #describe(): void {
    const family = this.store.gauge('info');
    for (const series of this.#infos.values()) family.set(series, Number.NaN);
    for (const { model, version, stage, digest, reference } of this.#versions)
      if (!this.#options.describes?.(model, version))
        family.set(seriesOf(this.#infos, family, { model, version, stage, digest, reference }), 1);
  }
}

/** The series of these labels, made where there is none: the same labels twice would be one series with two values. */
function seriesOf(
  known: Map<string, number>,
  family: { declare(labels: Readonly<Record<string, string>>): number },
  labels: Readonly<Record<string, string>>,
): number {
  const key = Object.values(labels).join('\u0000');
  const series = known.get(key) ?? family.declare(labels);
  known.set(key, series);
  return series;
}
