/**
 * The core: one model version's predictions in, counters and verdicts out. Clock, scheduling and ids are arguments; it runs
 * the same inside a model's process and inside the collector.
 */
import { referenceLabel, type ReferenceProfile } from '../distribution/reference.ts';
import type { HashKey } from '../joining/keyed-hash.ts';
import { LabelJoin } from '../joining/label-join.ts';
import {
  toMilliseconds,
  type FeedbackRow,
  type PredictedValue,
  type PredictionRow,
  type TimeValue,
} from '../prediction.ts';
import type { HistogramFamily } from '../telemetry/families.ts';
import type { MetricStore } from '../telemetry/store.ts';
import { createTask } from './create-task.ts';
import type { ErrorReason } from './counters.ts';
import { DriftMonitor, type DriftWindow } from './drift-monitor.ts';
import { FeedbackFault, feedbackFields } from './feedback-fields.ts';
import { guardCallback } from './guard-callback.ts';
import { ModelMetrics } from './model-metrics.ts';
import type { MonitorConfig } from './options.ts';
import type { DistributionReport, DriftReport, PerformanceReport } from './reports.ts';
import { checkedId } from './row-checks.ts';
import type { Task } from './task.ts';

/** What the core needs of the world around it. */
export interface MonitorEnvironment {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** A new prediction id. */
  readonly makeId: () => string;
  /** Secret of the hash of prediction ids: two random whole numbers below 2³². */
  readonly hashKey: HashKey;
  /** Runs work after the current call. */
  readonly defer: (work: () => void) => void;
  readonly onWindow?: (window: DriftWindow) => void | Promise<void>;
}

/** Records one model version and answers for it. */
export class MonitorCore {
  readonly config: MonitorConfig;
  readonly #environment: MonitorEnvironment;
  readonly #metrics: ModelMetrics;
  readonly #task: Task;
  readonly #join: LabelJoin;
  readonly #durations: HistogramFamily;
  readonly #labelDelays: HistogramFamily;
  #drift: DriftMonitor | undefined;
  #reference: string | null = null;
  #predictions = 0;
  #closed = false;

  constructor(config: MonitorConfig, environment: MonitorEnvironment) {
    this.config = config;
    this.#environment = environment;
    this.#metrics = new ModelMetrics(config, environment.now);
    this.#task = createTask(this.store, config, this.#metrics.rejected);
    this.#join = new LabelJoin(config, environment.hashKey, this.#task.expire, this.#task.column);
    this.#durations = this.store.histogram('duration');
    this.#labelDelays = this.store.histogram('labelDelay');
    this.#metrics.trackGauges(() => this.#join.pending);
    this.store.beforeCollect(() => this.#beforeCollect());
    if (config.reference) this.#judgeAgainst(config.reference);
  }

  get store(): MetricStore {
    return this.#metrics.store;
  }

  /** Starts drift verdicts against a reference that was made after the start. */
  adoptReference(reference: ReferenceProfile): void {
    this.#metrics.describe(this.config.digest, referenceLabel(reference));
    this.#task.compareWith(reference.predictions);
    this.#judgeAgainst(reference);
  }

  /** Records one prediction and returns its id. Never throws: what is wrong with a row is counted. */
  recordPrediction(row: PredictionRow): string {
    let id: string | undefined;
    try {
      id = this.#idOf(row) ?? this.#environment.makeId();
      this.#record(id, row);
    } catch {
      this.countError('recording_failed');
    }
    return id ?? this.#environment.makeId();
  }

  /** Joins a label to its prediction. Never throws. */
  recordLabel(id: string, label: PredictedValue, options: { readonly timestamp?: TimeValue } = {}): void {
    try {
      this.#label(id, label, options?.timestamp);
    } catch {
      this.countError('recording_failed');
    }
  }

  /** Counts what somebody says of a prediction. Never throws. */
  recordFeedback(row: FeedbackRow): void {
    try {
      if (this.#closed) return this.#metrics.dropped.count('closed');
      const { correct } = feedbackFields(row as unknown as Readonly<Record<string, unknown>>);
      if (checkedId(row.id) === undefined) return this.#metrics.rejected.count('invalid_feedback');
      this.#metrics.feedback(correct ? 'correct' : 'incorrect');
    } catch (error) {
      if (error instanceof FeedbackFault) this.#metrics.rejected.count('invalid_feedback');
      else this.countError('recording_failed');
    }
  }

  countError(reason: ErrorReason): void {
    this.#metrics.errors.count(reason);
  }

  performance(): PerformanceReport {
    return this.#task.performance(this.#join.pending);
  }

  drift(): DriftReport {
    this.flush();
    const last = this.#drift?.last;
    return {
      model: this.config.model,
      version: this.config.version,
      reference: this.#reference,
      verdict: last?.verdict ?? 'insufficient_data',
      window: last ? { index: last.index, start: last.start, end: last.end } : null,
      features: last?.features ?? [],
      previous: last?.previous ?? null,
      lasting: last?.lasting ?? { verdict: 'insufficient_data', drifted: 0, windows: 0 },
    };
  }

  distribution(): DistributionReport {
    return this.#task.distribution();
  }

  /** Judges windows that are set aside; what is recorded afterwards is counted as dropped. */
  close(): void {
    this.flush();
    this.#closed = true;
  }

  /** Judges every window that waits for its verdict. */
  flush(): void {
    try {
      this.#drift?.flush();
    } catch {
      this.countError('drift_failed');
    }
  }

  #idOf(row: PredictionRow): string | undefined {
    if (row.id === undefined || row.id === null) return undefined;
    const id = checkedId(row.id);
    if (id === undefined) this.#metrics.rejected.count('invalid_id');
    return id;
  }

  #record(id: string, row: PredictionRow): void {
    // Every field is read before anything is counted: a getter that throws leaves no half-recorded row.
    const { prediction, timestamp, durationSeconds, score, scores, features, segment } = row;
    const predicted = this.#task.read(prediction);
    if (this.#closed) return this.#metrics.dropped.count('closed');
    if (predicted === undefined) return this.#metrics.rejected.count('invalid_prediction');
    const now = this.#environment.now();
    const time = this.#timeOf(timestamp, now);
    this.#countExpired(this.#join.expire(now));
    const expired = this.#join.put(id, predicted, time, now);
    if (expired === false) return this.#metrics.rejected.count('duplicate_id');
    this.#countExpired(expired);
    this.#predictions++;
    const place = { slot: this.#join.slot, segment, time, now };
    const watched = this.#task.predict(predicted, { score, scores }, place);
    if (segment != null && !this.#task.knows(segment)) this.#metrics.rejected.count('unknown_segment');
    if (durationSeconds !== undefined) this.#observe(durationSeconds);
    this.#drift?.record(features, watched, this.#task.valueOf(predicted), now);
  }

  #observe(duration: unknown): void {
    // `"0.5" >= 0` is true: without the look at the type a text would be added to the sum, and spoil it for good.
    if (typeof duration === 'number' && duration >= 0 && Number.isFinite(duration)) this.#durations.observe(duration);
    else this.#metrics.rejected.count('invalid_duration');
  }

  #label(rawId: unknown, rawLabel: unknown, timestamp: TimeValue | undefined): void {
    const id = checkedId(rawId);
    const label = this.#task.read(rawLabel);
    if (this.#closed) return this.#metrics.dropped.count('closed');
    if (id === undefined) return this.#metrics.rejected.count('invalid_id');
    if (label === undefined) return this.#metrics.rejected.count('invalid_label');
    const now = this.#environment.now();
    this.#countExpired(this.#join.expire(now));
    const outcome = this.#join.label(id, label, this.#timeOf(timestamp, now));
    this.#metrics.labels.count(outcome.status);
    if (outcome.predicted === undefined) return;
    if (outcome.delay !== undefined) this.#labelDelays.observe(outcome.delay / 1000);
    this.#task.label(label, outcome.predicted, this.#join.slot, outcome.former);
  }

  #timeOf(timestamp: TimeValue | undefined, now: number): number {
    if (timestamp === undefined) return now;
    const time = toMilliseconds(timestamp);
    if (time === undefined) this.#metrics.rejected.count('invalid_timestamp');
    return time ?? now;
  }

  #countExpired(count: number): void {
    if (count === 0) return;
    this.#metrics.labels.count('expired', count);
  }

  #judgeAgainst(reference: ReferenceProfile): void {
    this.#reference = referenceLabel(reference);
    const callbackFailed = () => this.countError('callback_failed');
    const onWindow = (window: DriftWindow) => guardCallback(() => this.#environment.onWindow?.(window), callbackFailed);
    const failed = () => this.countError('drift_failed');
    const defer = (work: () => void) => this.#environment.defer(() => guardCallback(work, failed));
    this.#drift = new DriftMonitor(this.store, reference, this.config, { defer, onWindow }, this.#predictions);
  }

  #beforeCollect(): void {
    const now = this.#environment.now();
    this.#countExpired(this.#join.expire(now));
    this.#drift?.closeOverdue(now);
    this.flush();
  }
}
