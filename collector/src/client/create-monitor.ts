/** The SDK: a monitor inside the model's own process. */
import { randomInt, randomUUID } from 'node:crypto';
import { metrics, type MeterProvider } from '@opentelemetry/api';
import type { PredictedValue, PredictionRow, TimeValue } from '../prediction.ts';
import type { DriftWindow } from '../monitor/drift-monitor.ts';
import { MonitorCore } from '../monitor/monitor.ts';
import { resolveOptions, type MonitorOptions } from '../monitor/options.ts';
import type { DistributionReport, DriftReport, PerformanceReport } from '../monitor/reports.ts';
import { attachToMeterProvider } from '../telemetry/instruments.ts';
import type { MonitorMetricProducer } from '../telemetry/producer.ts';
import { SelfReference, type SelfReferenceOptions } from './self-reference.ts';
import { wrapPredict, type PredictFunction, type WrapOptions } from './wrap.ts';

/** What to monitor, and where its metrics go. */
export interface CreateMonitorOptions extends MonitorOptions {
  /** Preferred way out, see `startMetricExport`: histograms are born at zero and nothing is folded. */
  readonly producer?: MonitorMetricProducer;
  /** Other way out: any OpenTelemetry MeterProvider. Default: the global one, which must be set before this call. */
  readonly meterProvider?: MeterProvider;
  /** Without `reference`: the first predictions of this model version become it, kept in a state file. */
  readonly selfReference?: SelfReferenceOptions;
  /** Called after each drift verdict, outside the recording call. */
  readonly onWindow?: (window: DriftWindow) => void | Promise<void>;
}

/** Records predictions and labels of one model version, and answers how it does. */
export interface Monitor {
  /**
   * Records one prediction and returns its id (made when the row has none). Never throws and never blocks: what is wrong
   * with a row is counted in `plumbline_records_rejected_total` and `ml_feature_invalid_total`.
   */
  recordPrediction(row: PredictionRow): string;
  /** Joins what came true (a class, a number, labels) to its prediction, however late. Never throws. The same label again is a duplicate, another one a correction. */
  recordLabel(id: string, label: PredictedValue, options?: { readonly timestamp?: TimeValue }): void;
  /** Performance over what this process recorded. */
  performance(): Promise<PerformanceReport>;
  /** The verdict on the last closed window. */
  drift(): Promise<DriftReport>;
  /** Shares of the predicted classes and their shift. */
  distribution(): Promise<DistributionReport>;
  /** Wraps a predict function, sync or async, so that each call is timed and recorded; its errors pass untouched. */
  wrap<Args extends unknown[], Result>(
    predict: PredictFunction<Args, Result>,
    options?: WrapOptions<Args, Result>,
  ): PredictFunction<Args, Result>;
  /** Stops exporting; judges what is set aside first. Later records are counted as dropped. */
  close(): Promise<void>;
}

/**
 * Creates a monitor that runs inside this process; no service is needed.
 * @throws PlumblineError `invalid_configuration` naming the option, or when this model version is exported already
 */
export function createMonitor(options: CreateMonitorOptions): Monitor {
  const config = resolveOptions(options);
  const core = new MonitorCore(config, {
    now: Date.now,
    makeId: idMaker(),
    hashKey: [randomInt(2 ** 32), randomInt(2 ** 32)],
    defer: (work) => void setImmediate(work).unref(),
    ...(options.onWindow && { onWindow: options.onWindow }),
  });
  // Before it is exported: a broken state file must not leave a half-made monitor behind that blocks the name.
  const self = options.selfReference && !options.reference ? new SelfReference(core, options.selfReference) : undefined;
  const detach = options.producer
    ? options.producer.attach(core.store)
    : attachToMeterProvider(options.meterProvider ?? metrics.getMeterProvider(), core.store);
  return new EmbeddedMonitor(core, detach, self);
}

/** Unique over processes and restarts, and cheap: one random prefix, then a counter. */
function idMaker(): () => string {
  const prefix = randomUUID();
  let next = 0;
  return () => `${prefix}-${(next++).toString(36)}`;
}

class EmbeddedMonitor implements Monitor {
  readonly #core: MonitorCore;
  readonly #detach: () => void;
  readonly #self: SelfReference | undefined;

  constructor(core: MonitorCore, detach: () => void, self: SelfReference | undefined) {
    this.#core = core;
    this.#detach = detach;
    this.#self = self;
  }

  recordPrediction(row: PredictionRow): string {
    this.#self?.observe(row);
    return this.#core.recordPrediction(row);
  }

  recordLabel(id: string, label: PredictedValue, options?: { readonly timestamp?: TimeValue }): void {
    this.#core.recordLabel(id, label, options);
  }

  performance(): Promise<PerformanceReport> {
    return Promise.resolve(this.#core.performance());
  }

  drift(): Promise<DriftReport> {
    return Promise.resolve(this.#core.drift());
  }

  distribution(): Promise<DistributionReport> {
    return Promise.resolve(this.#core.distribution());
  }

  wrap<Args extends unknown[], Result>(
    predict: PredictFunction<Args, Result>,
    options: WrapOptions<Args, Result> = {},
  ): PredictFunction<Args, Result> {
    const recorder = {
      record: (row: PredictionRow) => this.recordPrediction(row),
      countError: this.#core.countError.bind(this.#core),
    };
    return wrapPredict(predict, options, recorder, () => performance.now());
  }

  close(): Promise<void> {
    this.#core.close();
    this.#detach();
    return Promise.resolve();
  }
}
