/** A monitor inside the model's own process. */
import type { MonitorCore } from '../monitor/monitor.ts';
import type { DistributionReport, DriftReport, PerformanceReport } from '../monitor/reports.ts';
import type { FeedbackRow, PredictedValue, PredictionRow, TimeValue } from '../prediction.ts';
import type { Monitor } from './monitor.ts';
import type { SelfReference } from './self-reference.ts';
import { wrapPredict, type PredictFunction, type WrapOptions } from './wrap.ts';

/** Counts where it records. */
export class EmbeddedMonitor implements Monitor {
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

  recordFeedback(row: FeedbackRow): void {
    this.#core.recordFeedback(row);
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

  flush(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.#core.close();
    this.#detach();
    return Promise.resolve();
  }
}
