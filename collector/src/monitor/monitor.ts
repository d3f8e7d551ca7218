/**
 * The core: one model version's predictions in, counters and verdicts out. Clock, scheduling and ids are arguments; it runs
 * the same inside a model's process and inside the collector.
 */
import { referenceLabel, type ReferenceProfile } from '../distribution/reference.ts';
import { LabelJoin } from '../joining/label-join.ts';
import { classificationReport } from '../performance/classification-metrics.ts';
import { toMilliseconds, type ClassValue, type PredictionRow, type TimeValue } from '../prediction.ts';
import type { MetricStore } from '../telemetry/store.ts';
import { ClassTable } from './class-table.ts';
import type { ErrorReason } from './counters.ts';
import { DriftMonitor, type DriftWindow } from './drift-monitor.ts';
import { ModelMetrics } from './model-metrics.ts';
import type { MonitorConfig } from './options.ts';
import { OutcomeRecorder } from './outcome-recorder.ts';
import { PredictionWindows } from './prediction-windows.ts';
import type { DistributionReport, DriftReport, PerformanceReport } from './reports.ts';
import { checkedClass, checkedId } from './row-checks.ts';

export interface MonitorEnvironment {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** A new prediction id. */
  readonly makeId: () => string;
  /** Runs work after the current call. */
  readonly defer: (work: () => void) => void;
  readonly onWindow?: (window: DriftWindow) => void;
}

export class MonitorCore {
  readonly config: MonitorConfig;
  readonly #environment: MonitorEnvironment;
  readonly #metrics: ModelMetrics;
  readonly #classes: ClassTable;
  readonly #outcomes: OutcomeRecorder;
  readonly #join: LabelJoin;
  readonly #shares: PredictionWindows;
  #drift: DriftMonitor | undefined;
  #reference: string | null = null;
  #predictions = 0;
  #expired = 0;
  #from = Number.POSITIVE_INFINITY;
  #to = Number.NEGATIVE_INFINITY;
  #closed = false;

  constructor(config: MonitorConfig, environment: MonitorEnvironment) {
    this.config = config;
    this.#environment = environment;
    this.#metrics = new ModelMetrics(config, environment.now);
    this.#classes = new ClassTable(this.store, config.classes);
    this.#outcomes = new OutcomeRecorder(this.store, this.#classes, config.classes);
    this.#join = new LabelJoin(config);
    this.#shares = new PredictionWindows(config.window, config.reference?.predictions);
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
  recordLabel(id: string, label: ClassValue, options: { readonly timestamp?: TimeValue } = {}): void {
    try {
      this.#label(id, label, options?.timestamp);
    } catch {
      this.countError('recording_failed');
    }
  }

  countError(reason: ErrorReason): void {
    this.#metrics.errors.count(reason);
  }

  performance(): PerformanceReport {
    const { samples } = this.#outcomes.counts;
    const settled = samples + this.#expired;
    return {
      model: this.config.model,
      version: this.config.version,
      from: timeText(this.#from),
      to: timeText(this.#to),
      predictions: this.#predictions,
      labeled: samples,
      pending: this.#join.pending,
      coverage: settled === 0 ? null : samples / settled,
      final: this.#join.pending === 0,
      ...classificationReport(this.#outcomes.counts),
      confusion: this.#outcomes.confusion() ?? null,
    };
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
    };
  }

  distribution(): DistributionReport {
    const { model, version } = this.config;
    const shift = this.#shares.shift();
    return { model, version, ...this.#shares.shares(), shift, reference_shift: this.#shares.referenceShift() ?? null };
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
    const predicted = checkedClass(row.prediction);
    if (this.#closed) return this.#metrics.dropped.count('closed');
    if (predicted === undefined) return this.#metrics.rejected.count('invalid_prediction');
    const now = this.#environment.now();
    const time = this.#timeOf(row.timestamp, now);
    const expired = this.#join.put(id, predicted, time, now);
    if (expired === false) return this.#metrics.rejected.count('duplicate_id');
    this.#countExpired(expired);
    if (!this.#classes.knows(predicted)) this.#metrics.rejected.count('unknown_class');
    const series = this.#classes.seriesOf(predicted);
    this.store.counter('predictions').increment(series.prediction);
    this.#predictions++;
    this.#from = Math.min(this.#from, time);
    this.#to = Math.max(this.#to, time);
    this.#observe(row);
    this.#shares.record(series.class);
    this.#drift?.record(row.features);
  }

  #observe({ durationSeconds, score }: PredictionRow): void {
    if (durationSeconds !== undefined) {
      if (durationSeconds >= 0 && Number.isFinite(durationSeconds))
        this.store.histogram('duration').observe(durationSeconds);
      else this.#metrics.rejected.count('invalid_duration');
    }
    if (score === undefined) return;
    if (score >= 0 && score <= 1) this.store.histogram('score').observe(score);
    else this.#metrics.rejected.count('invalid_score');
  }

  #label(rawId: unknown, rawLabel: unknown, timestamp: TimeValue | undefined): void {
    const id = checkedId(rawId);
    const label = checkedClass(rawLabel);
    if (this.#closed) return this.#metrics.dropped.count('closed');
    if (id === undefined) return this.#metrics.rejected.count('invalid_id');
    if (label === undefined) return this.#metrics.rejected.count('invalid_label');
    const now = this.#environment.now();
    this.#countExpired(this.#join.expire(now));
    const outcome = this.#join.label(id, label, this.#timeOf(timestamp, now));
    this.#metrics.labels.count(outcome.status);
    if (outcome.predicted === undefined) return;
    if (!this.#classes.knows(label)) this.#metrics.rejected.count('unknown_class');
    if (outcome.former !== undefined) this.#outcomes.revoke(outcome.former, outcome.predicted);
    else this.store.histogram('labelDelay').observe(outcome.delay / 1000);
    this.#outcomes.add(label, outcome.predicted);
  }

  #timeOf(timestamp: TimeValue | undefined, now: number): number {
    if (timestamp === undefined) return now;
    const time = toMilliseconds(timestamp);
    if (time === undefined) this.#metrics.rejected.count('invalid_timestamp');
    return time ?? now;
  }

  #countExpired(count: number): void {
    this.#expired += count;
    this.#metrics.labels.count('expired', count);
  }

  #judgeAgainst(reference: ReferenceProfile): void {
    this.#reference = referenceLabel(reference);
    const onWindow = (window: DriftWindow) => this.#announce(window);
    const defer = (work: () => void) => this.#environment.defer(() => this.#guard(work));
    this.#drift = new DriftMonitor(this.store, reference, this.config, { defer, onWindow });
  }

  #guard(work: () => void): void {
    try {
      work();
    } catch {
      this.countError('drift_failed');
    }
  }

  #announce(window: DriftWindow): void {
    try {
      this.#environment.onWindow?.(window);
    } catch {
      this.countError('callback_failed');
    }
  }

  #beforeCollect(): void {
    this.#countExpired(this.#join.expire(this.#environment.now()));
    this.flush();
  }
}

function timeText(time: number): string | null {
  return Number.isFinite(time) ? new Date(time).toISOString() : null;
}
