/** What a program sees of a monitor, wherever it counts. */
import type { DistributionReport, DriftReport, PerformanceReport } from '../monitor/reports.ts';
import type { FeedbackRow, PredictedValue, PredictionRow, TimeValue } from '../prediction.ts';
import type { PredictFunction, WrapOptions } from './wrap.ts';

/** Records predictions and labels of one model version, and answers how it does. */
export interface Monitor {
  /**
   * Records one prediction and returns its id (made when the row has none). Never throws and never blocks: what is wrong
   * with a row is counted in `plumbline_records_rejected_total` and `ml_feature_invalid_total`.
   */
  recordPrediction(row: PredictionRow): string;
  /** Joins what came true (a class, a number, labels) to its prediction, however late. Never throws. The same label again is a duplicate, another one a correction. */
  recordLabel(id: string, label: PredictedValue, options?: { readonly timestamp?: TimeValue }): void;
  /**
   * Takes what somebody says of a prediction. With a collector it waits there for a review, and an accepted correction becomes the label;
   * without one it is counted, and nothing else. Never throws: a row that cannot be used is counted as `invalid_feedback`.
   */
  recordFeedback(row: FeedbackRow): void;
  /** Performance over what this process recorded; with a collector, over what all processes sent to it. */
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
  /**
   * Resolves when the collector has everything recorded so far; without a collector at once. A program that records faster than can be
   * sent awaits this now and then instead of losing rows.
   * @throws PlumblineError `unavailable` when that takes longer than `timeoutSeconds` (default 30), or why the collector refuses
   */
  flush(options?: { readonly timeoutSeconds?: number }): Promise<void>;
  /** Stops exporting; judges what is set aside, or sends what is unsent, first. Later records are counted as dropped. Never rejects. */
  close(): Promise<void>;
}
