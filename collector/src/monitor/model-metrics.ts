/** The metrics of one model version that have no room of their own: counts of records, durations, scores, descriptions. */
import { referenceLabel } from '../distribution/reference.ts';
import { LABEL_STATUSES, type LabelStatus } from '../joining/label-join.ts';
import { VERDICTS, type FeedbackVerdict } from '../prediction.ts';
import { MetricStore } from '../telemetry/store.ts';
import {
  ClosedCounter,
  DROP_REASONS,
  ERROR_REASONS,
  REJECT_REASONS,
  type DropReason,
  type ErrorReason,
  type RejectReason,
} from './counters.ts';
import type { MonitorConfig } from './options.ts';
import { TwinCounter } from './twin-counter.ts';

/** Owns the metric store of one model version. */
export class ModelMetrics {
  readonly store: MetricStore;
  readonly labels: ClosedCounter<LabelStatus>;
  readonly dropped: ClosedCounter<DropReason>;
  readonly rejected: ClosedCounter<RejectReason>;
  readonly errors: ClosedCounter<ErrorReason>;
  readonly #feedback: TwinCounter;
  readonly #verdicts: Readonly<Record<FeedbackVerdict, number>>;
  readonly #descriptions = new Map<string, number>();
  #info: number;

  /** @param now epoch milliseconds */
  constructor(config: MonitorConfig, now: () => number) {
    this.store = new MetricStore({
      model: config.model,
      version: config.version,
      seriesLimit: config.seriesLimit,
      zeroHold: config.zeroHold,
      now,
    });
    this.labels = new ClosedCounter(this.store, 'labels', 'status', LABEL_STATUSES);
    this.dropped = new ClosedCounter(this.store, 'dropped', 'reason', DROP_REASONS);
    this.rejected = new ClosedCounter(this.store, 'rejected', 'reason', REJECT_REASONS);
    this.errors = new ClosedCounter(this.store, 'errors', 'reason', ERROR_REASONS);
    this.#feedback = new TwinCounter(this.store, 'feedback');
    const [correct, incorrect] = VERDICTS.map((verdict) => this.#feedback.declare({ verdict }));
    this.#verdicts = { correct: correct as number, incorrect: incorrect as number };
    this.store.histogram('duration').declare();
    this.store.histogram('labelDelay').declare();
    const reference = config.reference ? referenceLabel(config.reference) : '';
    this.#info = this.store.gauge('info').declare({ stage: 'unknown', digest: config.digest, reference }, 1);
    this.#descriptions.set([config.digest, reference, 'unknown'].join('\u0000'), this.#info);
  }

  /** Counts an item of feedback (1), or takes one back that said otherwise until now (−1). */
  feedback(verdict: FeedbackVerdict, count: 1 | -1 = 1): void {
    this.#feedback.add(this.#verdicts[verdict], count);
  }

  /** Replaces the description: a reference was adopted after the start, or the stage changed. */
  describe(digest: string, reference: string, stage = 'unknown'): void {
    const description = [digest, reference, stage].join('\u0000');
    const info = this.store.gauge('info');
    info.set(this.#info, Number.NaN);
    // A description that comes back takes up its own series: the same labels twice would be one series with two values.
    this.#info = this.#descriptions.get(description) ?? info.declare({ stage, digest, reference });
    this.#descriptions.set(description, this.#info);
    info.set(this.#info, 1);
  }

  /** Keeps the gauges of bookkeeping up to date at each collection. */
  trackGauges(pending: () => number): void {
    const { store } = this;
    const waiting = store.gauge('pending').declare({});
    const used = store.gauge('seriesUsed').declare({});
    const limit = store.gauge('seriesLimit').declare({});
    store.beforeCollect(() => {
      store.gauge('pending').set(waiting, pending());
      store.gauge('seriesUsed').set(used, store.budget.used);
      store.gauge('seriesLimit').set(limit, store.budget.limit);
    });
  }
}
