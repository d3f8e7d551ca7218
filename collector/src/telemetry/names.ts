/**
 * THE table of metrics: every name, unit, kind and label stands here once. Panels, rules, dashboards and docs are checked
 * against it. Names carry their unit, so that the Prometheus exporter (which adds none) and the OTLP translation (which
 * adds one only where it is missing) agree.
 */

import { counter, gauge, twin, type MetricSpec } from './metric-spec.ts';

export type { MetricKind, MetricSpec } from './metric-spec.ts';

const MODEL = ['model', 'version'] as const;
const EXPERIMENT = ['model', 'experiment', 'version'] as const;
const CALIBRATION = ['model', 'version', 'prediction', 'bin'] as const;
const REGRESSION = ['model', 'version', 'reference'] as const;
const FEATURE = ['model', 'version', 'reference', 'feature'] as const;

const DURATION_BOUNDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const SCORE_BOUNDS = [
  0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1,
];
/** Decades on both sides of 0, where no reference says in which range a regression predicts. */
const DECADES = [1, 10, 100, 1e3, 1e4, 1e5, 1e6];
const VALUE_BOUNDS = [...DECADES.map((bound) => -bound).reverse(), 0, ...DECADES];
const DELAY_BOUNDS = [1, 10, 60, 300, 900, 3600, 10800, 21600, 43200, 86400, 172800, 604800, 1209600, 2592000];

/** The table. */
export const METRICS = {
  predictions: counter('ml.predictions', [...MODEL, 'prediction'], 'Predictions recorded, by predicted class'),
  duration: {
    name: 'ml.prediction.duration.seconds',
    kind: 'histogram',
    labels: MODEL,
    description: 'Time the model took for one prediction',
    unit: 's',
    boundaries: DURATION_BOUNDS,
  },
  score: {
    name: 'ml.prediction.score',
    kind: 'histogram',
    labels: MODEL,
    description: 'Score of the positive class; of the predicted one where no class is declared positive',
    boundaries: SCORE_BOUNDS,
  },
  value: {
    name: 'ml.prediction.value',
    kind: 'histogram',
    labels: MODEL,
    description: 'Predicted value of a regression; the bounds are the quantiles of the reference, or decades',
    boundaries: VALUE_BOUNDS,
  },
  ...twin(
    'outcomes',
    'ml.outcomes',
    [...MODEL, 'class', 'outcome'],
    'Labelled predictions per class: true positives, false positives, false negatives',
  ),
  ...twin('exact', 'ml.outcomes.exact', [...MODEL, 'result'], 'Labelled predictions, correct or incorrect'),
  ...twin(
    'confusion',
    'ml.confusion',
    [...MODEL, 'actual', 'predicted'],
    'Confusion matrix, for models of at most 20 classes',
  ),
  ...twin('scoreSquaredError', 'ml.score.squared_error', MODEL, 'Squared differences of scores and outcomes'),
  ...twin('scoreLogLoss', 'ml.score.log_loss', MODEL, 'Logarithmic losses of scores'),
  calibrationPredictions: counter(
    'ml.calibration.predictions',
    CALIBRATION,
    'Scored predictions by bin of the score, 15 of equal width',
  ),
  ...twin(
    'calibrationLabeled',
    'ml.calibration.labeled',
    CALIBRATION,
    'Scored predictions whose label is known, by bin of the score',
  ),
  ...twin(
    'calibrationCorrect',
    'ml.calibration.correct',
    CALIBRATION,
    'Scored predictions that the label says were right, by bin of the score',
  ),
  ...twin(
    'calibrationScore',
    'ml.calibration.score',
    CALIBRATION,
    'Sum of the scores of predictions whose label is known, by bin of the score',
  ),
  ...twin('regressionCount', 'ml.regression.count', REGRESSION, 'Labelled predictions of a regression'),
  ...twin(
    'regressionOvershoot',
    'ml.regression.overshoot',
    REGRESSION,
    'Sum of the positive parts of prediction - label',
  ),
  ...twin(
    'regressionUndershoot',
    'ml.regression.undershoot',
    REGRESSION,
    'Sum of the negative parts of prediction - label, without their sign',
  ),
  ...twin(
    'regressionSquaredError',
    'ml.regression.squared_error',
    REGRESSION,
    'Sum of the squares of prediction - label',
  ),
  ...twin(
    'regressionPercentageError',
    'ml.regression.percentage_error',
    REGRESSION,
    'Sum of the sizes of prediction - label, each over the size of its label',
  ),
  ...twin(
    'regressionLabelAbove',
    'ml.regression.label.above',
    REGRESSION,
    'Sum over labels of how far they lie above the mean label of the reference',
  ),
  ...twin(
    'regressionLabelBelow',
    'ml.regression.label.below',
    REGRESSION,
    'Sum over labels of how far they lie below the mean label of the reference',
  ),
  ...twin(
    'regressionLabelSquared',
    'ml.regression.label.squared',
    REGRESSION,
    'Sum over labels of the squared distance from the mean label of the reference',
  ),
  calibrationPositive: gauge(
    'ml.calibration.positive',
    [...MODEL, 'prediction'],
    '1 for the class whose probability the scores are',
  ),
  labels: counter(
    'ml.labels',
    [...MODEL, 'status'],
    'Labels by what became of them; expired counts predictions that never got one',
  ),
  labelDelay: {
    name: 'ml.label.delay.seconds',
    kind: 'histogram',
    labels: MODEL,
    description: 'Time from a prediction to its first label',
    unit: 's',
    boundaries: DELAY_BOUNDS,
  },
  pending: gauge('ml.predictions.pending', MODEL, 'Predictions that wait for their label'),
  bucket: counter(
    'ml.feature.bucket',
    [...FEATURE, 'le'],
    'Feature values at most le, cumulative over the reference quantiles',
  ),
  categories: counter('ml.feature.categories', [...FEATURE, 'category'], 'Feature values by category'),
  invalid: counter(
    'ml.feature.invalid',
    [...MODEL, 'feature', 'reason'],
    'Feature values that are missing, of the wrong type, out of range, unseen or constant',
  ),
  referenceRatio: gauge(
    'ml.feature.reference.ratio',
    [...FEATURE, 'gt', 'le', 'category'],
    'Share of the reference in this bin or category',
    '1',
  ),
  referenceCumulative: gauge(
    'ml.feature.reference.cumulative.ratio',
    [...FEATURE, 'le'],
    'Share of the reference at most le',
    '1',
  ),
  referenceSize: gauge('ml.feature.reference.size', FEATURE, 'Rows of the reference that hold this feature'),
  referenceChi2: gauge(
    'ml.feature.reference.chi2',
    FEATURE,
    'Chi-square quantile (1 - alpha/features) for the bins of this feature',
  ),
  drift: gauge(
    'ml.feature.drift',
    [...FEATURE, 'statistic'],
    'Drift statistic of the last closed window of this process',
  ),
  driftThreshold: gauge('ml.feature.drift.threshold', [...FEATURE, 'statistic'], 'Threshold of the drift statistic'),
  driftPValue: gauge('ml.feature.drift.p_value', [...FEATURE, 'statistic'], 'Null p-value of the drift statistic'),
  drifted: gauge('ml.feature.drifted', FEATURE, '1 when the feature drifted in the last closed window, else 0'),
  window: gauge('ml.feature.window', FEATURE, 'Rows of the last closed window that hold this feature'),
  info: gauge(
    'ml.model.info',
    [...MODEL, 'stage', 'digest', 'reference'],
    'Always 1; the labels describe the model version',
  ),
  transitions: counter('ml.model.transitions', [...MODEL, 'kind'], 'Moves of a version between stages, by kind'),
  threshold: gauge(
    'ml.threshold',
    ['model', 'metric', 'severity'],
    'What counts as bad for this model, where its policy says so',
  ),
  experimentWeight: gauge(
    'ml.experiment.weight',
    EXPERIMENT,
    'Share of new keys this arm of a running experiment gets',
  ),
  experimentAssignments: counter('ml.experiment.assignments', EXPERIMENT, 'Predictions of an arm, shadows left out'),
  experimentGuardrail: counter('ml.experiment.guardrail', EXPERIMENT, 'Times an arm lost its weight by a guardrail'),
  dropped: counter('plumbline.records.dropped', [...MODEL, 'reason'], 'Records that were lost, by reason'),
  rejected: counter('plumbline.records.rejected', [...MODEL, 'reason'], 'Records not taken as given, by reason'),
  errors: counter('plumbline.errors', [...MODEL, 'reason'], 'Errors inside or around recording, by reason'),
  queueDepth: gauge(
    'plumbline.queue.depth',
    [...MODEL, 'place'],
    'Records that wait to be sent to the collector, in memory and on disk; rows that wait in it to be written',
  ),
  diskFree: gauge('plumbline.disk.free', [], 'Bytes the service may still write to the disk of its data'),
  seriesUsed: gauge('plumbline.series.used', MODEL, 'Series this model version holds'),
  seriesLimit: gauge('plumbline.series.limit', MODEL, 'Series this model version may hold'),
} as const satisfies Record<string, MetricSpec>;

/** How code names a metric of the table. */
export type MetricKey = keyof typeof METRICS;

/** The name a metric has in Prometheus, without the `_bucket`, `_count`, `_sum` of a histogram. */
export function prometheusName(spec: MetricSpec): string {
  const name = spec.name.replaceAll('.', '_');
  return spec.kind === 'counter' ? `${name}_total` : name;
}
