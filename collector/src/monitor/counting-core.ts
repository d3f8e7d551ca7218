/**
 * The core of the service: counts what one replica takes in of one model version. It holds no predictions: the join is the
 * database's, so a label comes with the prediction it belongs to. Counters, gauges and their rules are those of `MonitorCore`.
 */
import { referenceLabel, type ReferenceProfile } from '../distribution/reference.ts';
import type { FeatureVerdict } from '../drift/verdict.ts';
import type { LabelStatus } from '../joining/label-join.ts';
import type { FeedbackVerdict, PredictedValue, PredictionRow } from '../prediction.ts';
import type { MetricStore } from '../telemetry/store.ts';
import { createTask } from './create-task.ts';
import type { ErrorReason, RejectReason } from './counters.ts';
import { DriftMonitor, type DriftHooks } from './drift-monitor.ts';
import { FeatureCounts } from './feature-counts.ts';
import { ModelMetrics } from './model-metrics.ts';
import type { MonitorConfig } from './options.ts';
import type { Task } from './task.ts';

/** A prediction as the join holds it, with its label. */
export interface JoinedPrediction {
  readonly prediction: PredictedValue;
  readonly score: number | undefined;
  readonly scores: PredictionRow['scores'];
  readonly status: 'joined' | 'late' | 'corrected';
  readonly label: PredictedValue;
  /** The label that this one replaces. */
  readonly former: PredictedValue | undefined;
  /** Milliseconds from the prediction to its first label. */
  readonly delay: number | undefined;
}

/** Only one prediction at a time is looked at. */
const SLOT = 0;

/** Counts; nothing here throws on what a row holds. */
export class CountingCore {
  readonly #config: MonitorConfig;
  readonly #windows: DriftHooks | undefined;
  readonly #metrics: ModelMetrics;
  readonly #task: Task;
  #features: FeatureCounts | DriftMonitor | undefined;
  #reference: string | null = null;
  /** Predictions that wait for their label, where this replica is the one to say so; else NaN, which is not exported. */
  pending = Number.NaN;

  /**
   * @param config with a capacity of 1 @param now epoch milliseconds
   * @param windows where windows are judged here, over what this replica takes, since features are not kept; else they are only counted
   */
  constructor(config: MonitorConfig, now: () => number, windows?: DriftHooks) {
    this.#config = config;
    this.#windows = windows;
    this.#metrics = new ModelMetrics(config, now);
    this.#task = createTask(this.store, config, this.#metrics.rejected);
    this.#metrics.trackGauges(() => this.pending);
    if (config.reference) this.#watch(config.reference);
  }

  get store(): MetricStore {
    return this.#metrics.store;
  }

  /** Counts a prediction that was stored. @param time when it was made, @param now when it arrived, epoch ms */
  predict(row: PredictionRow, time: number, now: number): void {
    const { prediction, score, scores, segment, features, durationSeconds } = row;
    const predicted = this.#task.read(prediction);
    if (predicted === undefined) return this.reject('invalid_prediction');
    const watched = this.#task.predict(predicted, { score, scores }, { slot: SLOT, segment, time, now });
    if (segment !== undefined && !this.#task.knows(segment)) this.reject('unknown_segment');
    if (durationSeconds !== undefined) this.store.histogram('duration').observe(durationSeconds);
    this.#features?.record(features, watched, this.#task.valueOf(predicted), now);
  }

  /** Counts a label that joined, or one that replaces another. */
  join({ prediction, score, scores, status, label, former, delay }: JoinedPrediction): void {
    const [predicted, actual] = [this.#task.read(prediction), this.#task.read(label)];
    if (predicted === undefined || actual === undefined) return this.reject('invalid_label');
    const replaced = former === undefined ? undefined : this.#task.read(former);
    this.count(status);
    if (delay !== undefined) this.store.histogram('labelDelay').observe(delay / 1000);
    this.#task.restore(predicted, { score, scores }, SLOT);
    this.#task.label(actual, predicted, SLOT, replaced);
  }

  /** Counts what became of labels that changed nothing, and predictions that expired. */
  count(status: LabelStatus, times = 1): void {
    this.#metrics.labels.count(status, times);
  }

  /** Counts an item of feedback (1), or takes one back that said otherwise until now (−1). */
  feedback(verdict: FeedbackVerdict, count: 1 | -1): void {
    this.#metrics.feedback(verdict, count);
  }

  /** Counts a row that was not taken, or not as it was given. */
  reject(reason: RejectReason): void {
    this.#metrics.rejected.count(reason);
  }

  /** Counts what failed around the counting. */
  fail(reason: ErrorReason): void {
    this.#metrics.errors.count(reason);
  }

  /** Label of the reference; null without one. */
  get reference(): string | null {
    return this.#reference;
  }

  /** Shows the stage of the version and the digest of its artifact. */
  describe(stage: string, digest: string): void {
    this.#metrics.describe(digest, this.#reference ?? '', stage);
  }

  /** Counts features too from now on: a reference was made after the start. What was counted until now stays. */
  adoptReference(reference: ReferenceProfile): void {
    this.#task.compareWith(reference.predictions);
    this.#watch(reference);
  }

  /** Shows the verdict on the last closed window. */
  show(verdicts: readonly FeatureVerdict[]): void {
    if (this.#features instanceof FeatureCounts) this.#features.show(verdicts);
  }

  #watch(reference: ReferenceProfile): void {
    this.#reference = referenceLabel(reference);
    this.#features = this.#windows
      ? new DriftMonitor(this.store, reference, this.#config, this.#windows)
      : new FeatureCounts(this.store, reference, this.#config);
  }
}
