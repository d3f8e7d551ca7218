/** The Plumbline SDK. */
export { createMonitor, type CreateMonitorOptions } from './client/create-monitor.ts';
export { materialise, type MaterialiseOptions } from './client/materialise.ts';
export type { Monitor } from './client/monitor.ts';
export { readReferenceFile, writeReferenceFile } from './client/reference-file.ts';
export type { SelfReferenceOptions } from './client/self-reference.ts';
export type { PredictFunction, WrapOptions } from './client/wrap.ts';
export type { Materialised } from './client/write-artifact.ts';
export { parseReference } from './distribution/parse-reference.ts';
export { profileReference, type FeatureRow, type ProfileOptions } from './distribution/profile.ts';
export type {
  CategoricalReference,
  FeatureReference,
  NumericReference,
  ReferenceProfile,
} from './distribution/reference.ts';
export type { ShiftResult } from './drift/prediction-shift.ts';
export type { DriftPolicy, FeatureTest, FeatureVerdict, Verdict } from './drift/verdict.ts';
export { PlumblineError, type ErrorCode } from './errors.ts';
export type { DriftWindow } from './monitor/drift-monitor.ts';
export type { Answers, Calibration, Estimates, Metrics } from './monitor/answers.ts';
export type { FeatureSchema, MonitorOptions, TaskName } from './monitor/options.ts';
export type {
  DistributionReport,
  DriftReport,
  LabelMaturity,
  PerformanceReport,
  SegmentPerformance,
  WindowPerformance,
} from './monitor/reports.ts';
export type { ClassificationReport, ClassMetrics, Measured } from './performance/classification-metrics.ts';
export type { ClassValue, FeatureValue, PredictedValue, PredictionRow, TimeValue } from './prediction.ts';
export type { CollectorOptions, SpillOptions } from './remote/remote-options.ts';
export { hashFeature, type PiiKey } from './remote/rows/feature-privacy.ts';
export { startMetricExport, type MetricExport, type MetricExportOptions } from './telemetry/metric-export.ts';
export { METRICS, prometheusName, type MetricSpec } from './telemetry/names.ts';
export { MonitorMetricProducer } from './telemetry/producer.ts';
