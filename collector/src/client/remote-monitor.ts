/** A monitor that sends what it records to a collector, which counts for all processes. */
import { FeedbackFault } from '../monitor/feedback-fields.ts';
import { checkedId } from '../monitor/row-checks.ts';
import type { MonitorConfig } from '../monitor/options.ts';
import type { DistributionReport, DriftReport, PerformanceReport } from '../monitor/reports.ts';
import type { FeedbackRow, PredictedValue, PredictionRow, TimeValue } from '../prediction.ts';
import { askCollector, type RemoteAnswers } from '../remote/answers.ts';
import { HttpClient } from '../remote/delivery/http-client.ts';
import { RemoteMetrics } from '../remote/remote-metrics.ts';
import type { RemoteConfig } from '../remote/remote-options.ts';
import { FeaturePrivacy } from '../remote/rows/feature-privacy.ts';
import { readFeedback } from '../remote/rows/feedback-reader.ts';
import { RemoteRowReader } from '../remote/rows/row-reader.ts';
import { wirePrediction } from '../remote/rows/wire-values.ts';
import { Shipping } from '../remote/shipping.ts';
import type { MetricStore } from '../telemetry/store.ts';
import { secureBeforeExit } from './exit-flush.ts';
import type { Monitor } from './monitor.ts';
import { wrapPredict, type PredictFunction, type WrapOptions } from './wrap.ts';

const DEFAULT_FLUSH_SECONDS = 30;

/** Sends what it records. */
export class RemoteMonitor implements Monitor {
  readonly #names: { readonly model: string; readonly version: string };
  readonly #remote: RemoteConfig;
  readonly #makeId: () => string;
  readonly #client: HttpClient;
  readonly #metrics: RemoteMetrics;
  readonly #privacy: FeaturePrivacy;
  readonly #reader: RemoteRowReader;
  readonly #shipping: Shipping;
  readonly #detach: () => void;
  readonly #forget: () => void;
  /** Records so far, and how many there were when the end of the process was last prepared for. */
  #records = 0;
  #secured = 0;
  #closing: Promise<void> | undefined;

  /** @param attach exports the metrics; its result takes them out again. What it throws, this throws, with nothing left behind */
  constructor(
    config: MonitorConfig,
    remote: RemoteConfig,
    makeId: () => string,
    attach: (store: MetricStore) => () => void,
  ) {
    const { model, version } = config;
    this.#names = { model, version };
    this.#remote = remote;
    this.#makeId = makeId;
    this.#metrics = new RemoteMetrics(config, Date.now, () => this.#shipping.depth);
    this.#detach = attach(this.#metrics.store);
    const { dropped, rejected, errors } = this.#metrics;
    this.#privacy = new FeaturePrivacy(config.features, remote.piiKey);
    this.#reader = new RemoteRowReader(this.#privacy, (reason) => rejected.count(reason));
    this.#client = new HttpClient({ ...remote, timeout: remote.requestTimeout, now: Date.now });
    this.#shipping = new Shipping(
      { ...remote, model, version },
      {
        send: this.#client.send,
        now: Date.now,
        random: Math.random,
        defer: (work) => void setImmediate(work).unref(),
        later,
        onError: remote.onError,
        dropped: (reason, rows) => dropped.count(reason, rows),
        failed: (reason) => errors.count(reason),
      },
    );
    this.#forget = secureBeforeExit({
      unsent: () => this.#records !== this.#secured && this.#shipping.depth.memory > 0,
      secure: () => this.#secure(),
    });
  }

  recordPrediction(row: PredictionRow): string {
    let id: string | undefined;
    try {
      const read = this.#reader.prediction(row, Date.now(), this.#makeId);
      id = read.id;
      this.#records++;
      if (read.reading) this.#shipping.prediction(read.reading);
    } catch {
      this.#metrics.errors.count('recording_failed');
    }
    return id ?? this.#makeId();
  }

  recordLabel(id: string, label: PredictedValue, options: { readonly timestamp?: TimeValue } = {}): void {
    try {
      const known = checkedId(id);
      const value = wirePrediction(label);
      if (known === undefined) return this.#metrics.rejected.count('invalid_id');
      if (value === undefined) return this.#metrics.rejected.count('invalid_label');
      this.#records++;
      this.#shipping.label(known, value, this.#reader.time(options?.timestamp, Date.now()));
    } catch {
      this.#metrics.errors.count('recording_failed');
    }
  }

  recordFeedback(row: FeedbackRow): void {
    try {
      const reading = readFeedback(row, this.#privacy, Date.now());
      if (reading === undefined) return this.#metrics.rejected.count('invalid_feedback');
      this.#records++;
      this.#shipping.feedback(reading);
    } catch (error) {
      if (error instanceof FeedbackFault) this.#metrics.rejected.count('invalid_feedback');
      else this.#metrics.errors.count('recording_failed');
    }
  }

  performance(): Promise<PerformanceReport> {
    return this.#ask('performance');
  }

  drift(): Promise<DriftReport> {
    return this.#ask('drift');
  }

  distribution(): Promise<DistributionReport> {
    return this.#ask('distribution');
  }

  wrap<Args extends unknown[], Result>(
    predict: PredictFunction<Args, Result>,
    options: WrapOptions<Args, Result> = {},
  ): PredictFunction<Args, Result> {
    const recorder = {
      record: (row: PredictionRow) => this.recordPrediction(row),
      countError: (reason: 'predict_failed' | 'to_row_failed' | 'callback_failed') =>
        this.#metrics.errors.count(reason),
    };
    return wrapPredict(predict, options, recorder, () => performance.now());
  }

  flush({ timeoutSeconds = DEFAULT_FLUSH_SECONDS }: { readonly timeoutSeconds?: number } = {}): Promise<void> {
    return this.#closing ?? this.#shipping.flush(timeoutSeconds * 1000);
  }

  close(): Promise<void> {
    this.#forget();
    this.#closing ??= this.#shipping.close(this.#remote.closeTimeout).then(this.#detach);
    return this.#closing;
  }

  /** What was recorded before the question is part of the answer, unless it cannot be sent: then the answer says why, or comes without. */
  async #ask<Name extends keyof RemoteAnswers>(name: Name): Promise<RemoteAnswers[Name]> {
    if (!this.#closing) await this.#shipping.flush(this.#remote.requestTimeout, false).catch(() => undefined);
    return askCollector(this.#client, this.#remote.url, this.#names, name);
  }

  async #secure(): Promise<void> {
    this.#secured = this.#records;
    await this.#shipping.secure(this.#remote.closeTimeout);
  }
}

function later(work: () => void, milliseconds: number, keepAlive: boolean): () => void {
  const timer = setTimeout(work, milliseconds);
  if (!keepAlive) timer.unref();
  return () => clearTimeout(timer);
}
