/** The Plumbline SDK, chapter by chapter. */

// Monitoring a model version.
export { createMonitor, type CreateMonitorOptions } from './client/create-monitor.ts';
export type { Monitor } from './client/monitor.ts';
export type { SelfReferenceOptions } from './client/self-reference.ts';
export type { PredictFunction, WrapOptions } from './client/wrap.ts';
export type { DetectorName, DetectorReport } from './monitor/detector-names.ts';
export type { DriftWindow, FeatureReport } from './monitor/drift-monitor.ts';
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
export type {
  Annotator,
  AnnotatorKind,
  ClassValue,
  FeatureValue,
  FeedbackRow,
  PredictedValue,
  PredictionExperiment,
  PredictionRow,
  TimeValue,
} from './prediction.ts';
export { PlumblineError, type ErrorCode } from './errors.ts';

// Through a collector.
export type { CollectorOptions, SpillOptions } from './remote/remote-options.ts';
export { hashFeature, type PiiKey } from './remote/rows/feature-privacy.ts';
export { materialise, type MaterialiseOptions } from './client/materialise.ts';
export type { Materialised } from './client/write-artifact.ts';

// Routing between versions.
export { createRouter } from './client/create-router.ts';
export type { AnyArm, ArmFunction, InputOf, ResultOf, ToRow } from './client/router/arms.ts';
export type { RouterEvent } from './client/router/known-state.ts';
export type { ArmMonitorOptions, CreateRouterOptions } from './client/router/router-options.ts';
export type {
  PredictAnswer,
  Predicted,
  PredictionOf,
  PredictOptions,
  Router,
  RouterCounts,
  RouterStatus,
  RoutingKey,
} from './client/router/router.ts';
export type { Route, RoutedExperiment, RouteReason } from './client/router/routes.ts';
export type { ShadowOptions } from './client/router/shadows.ts';
export {
  plumblineProvider,
  type PlumblineProvider,
  type PlumblineProviderOptions,
  type VersionResolution,
} from './client/openfeature.ts';

// Metrics on their way out.
export { startMetricExport, type MetricExport, type MetricExportOptions } from './telemetry/metric-export.ts';
export { METRICS, prometheusName, type MetricSpec } from './telemetry/names.ts';
export { MonitorMetricProducer } from './telemetry/producer.ts';

// References.
export { readReferenceFile, writeReferenceFile } from './client/reference-file.ts';
export { parseReference } from './distribution/parse-reference.ts';
export { profileReference, type FeatureRow, type ProfileOptions } from './distribution/profile.ts';
export type {
  CategoricalReference,
  FeatureReference,
  NumericReference,
  ReferenceProfile,
} from './distribution/reference.ts';

// State that streams: create, record, merge, read, serialise, parse.
export type { SerialisedState, StreamAlgebra } from './distribution/state.ts';
export {
  quantileSketchAlgebra,
  type QuantileSketch,
  type SketchedNumber,
  type SketchReading,
} from './distribution/sketch/quantile-sketch.ts';
export { featureCountsAlgebra, type FeatureCounts, type FeatureCountsReading } from './distribution/feature-counts.ts';

// Performance of classifiers.
export type { IntervalMethod, Measured } from './performance/measured.ts';
export {
  confusionAlgebra,
  declareClasses,
  type ConfusionReading,
  type ConfusionState,
  type LabelledSample,
} from './performance/confusion.ts';
export {
  classificationReport,
  type ClassificationMetricName,
  type ClassificationReport,
  type ClassMetrics,
} from './performance/classification-metrics.ts';
export { binaryReport, type BinaryReport } from './performance/binary-report.ts';
export { businessValue, type BusinessValue, type ValueMatrix } from './performance/business-value.ts';
export {
  declareLabels,
  multilabelAlgebra,
  type MultilabelReading,
  type MultilabelSample,
  type MultilabelState,
} from './performance/multilabel.ts';
export {
  multilabelReport,
  type MultilabelMetricName,
  type MultilabelReport,
} from './performance/multilabel-metrics.ts';

// Scores and their calibration.
export { rocAuc } from './performance/scores/roc-auc.ts';
export { averagePrecision } from './performance/scores/average-precision.ts';
export type { BinnedArea } from './performance/scores/binned-curves.ts';
export {
  logitScoreEdges,
  scoreAlgebra,
  type ScoredSample,
  type ScoreReading,
  type ScoreState,
} from './performance/scores/score-state.ts';
export { windowScoresAlgebra, type ExactCurves, type WindowScores } from './performance/scores/window-scores.ts';
export {
  classScoreAlgebra,
  type ClassScoredSample,
  type ClassScoreReading,
  type ClassScoreState,
} from './performance/scores/class-scores.ts';
export {
  calibrationAlgebra,
  type CalibrationSample,
  type CalibrationState,
} from './performance/calibration/calibration-state.ts';
export {
  expectedCalibrationError,
  reliability,
  type CalibrationError,
  type ReliabilityBin,
} from './performance/calibration/calibration-error.ts';

// Regressions.
export {
  regressionAlgebra,
  type RegressionSample,
  type RegressionState,
} from './performance/regression/regression-state.ts';
export type { RegressionMetricName, RegressionReading } from './performance/regression/regression-metrics.ts';

// Estimates without labels.
export { cbpeBinary, cbpeMulticlass, type MulticlassEstimates } from './performance/estimates/cbpe.ts';
export { binnedCbpe, type BinnedEstimates, type FineScores } from './performance/estimates/binned-cbpe.ts';
export type { BinaryEstimates, Estimated } from './performance/estimates/groups.ts';
export {
  estimateLoss,
  lossAlgebra,
  type LossEstimates,
  type LossSample,
  type LossState,
} from './performance/estimates/loss-estimation.ts';

// Drift.
export {
  judgeWindow,
  type DriftPolicy,
  type FeatureTest,
  type FeatureVerdict,
  type Verdict,
  type WindowVerdict,
} from './drift/verdict.ts';
export type { FeatureWindow } from './drift/feature-tests.ts';
export type { BinnedStatistic, Statistic } from './drift/statistics.ts';
export { againstPrevious, windowOfBins, windowOfCounts, windowOfSamples, windowOfValues } from './drift/windows.ts';
export { predictionShift, type ShiftOptions, type ShiftResult } from './drift/prediction-shift.ts';
export { embeddingDrift, type EmbeddingDrift, type EmbeddingOptions, type Vectors } from './drift/embedding.ts';
export { categoricalDependence, serialDependence, type SerialDependence } from './drift/autocorrelation.ts';
export {
  judgeQuality,
  type FaultRate,
  type FeatureQuality,
  type QualityCounts,
  type QualityReference,
} from './drift/data-quality.ts';
export {
  createPersistence,
  type Persistence,
  type PersistenceReading,
  type PersistenceState,
} from './drift/persistence.ts';
export type { Detector, DetectorReading } from './drift/detectors/detector.ts';
export { createAdwin, type AdwinSettings, type AdwinState } from './drift/detectors/adwin.ts';
export { createDdm, type DdmSettings, type DdmState } from './drift/detectors/ddm.ts';
export { createPageHinkley, type PageHinkleySettings, type PageHinkleyState } from './drift/detectors/page-hinkley.ts';

// Experiments.
export { allocate, bucketOf, propensityOf, versionAt, type Range, type Share } from './experiments/allocation.ts';
export {
  compareArms,
  createComparison,
  type ArmReading,
  type ComparedMetric,
  type Comparison,
  type ComparisonOptions,
  type ComparisonReading,
  type ComparisonVerdict,
  type Difference,
  type Epoch,
  type KeyOutcome,
  type KeyUnit,
} from './experiments/comparison.ts';
export type { GuardedMetric, Guardrail, GuardrailReading } from './experiments/guardrail.ts';
export { sampleRatio, type EpochCounts, type SampleRatio } from './experiments/sample-ratio.ts';
export { banditWeights, type BanditArm, type BanditOptions } from './experiments/bandit.ts';
export { probabilityBest, type Belief } from './experiments/probability-best.ts';
export { weightsAt, type RampSchedule, type RampStep } from './experiments/ramp.ts';
export {
  pairedDifference,
  pairedDifferenceOf,
  pairedErrorDifference,
  type PairedCounts,
  type PairedDifference,
  type PairedErrorDifference,
} from './experiments/paired.ts';
