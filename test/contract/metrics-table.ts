/**
 * The contract on metrics, copied by hand from DESIGN §4 for what exists so far. It is not made from `telemetry/names.ts`:
 * the point is that the two agree. Rules, panels and users' own queries rest on these names.
 */

export interface MetricContract {
  /** Name in Prometheus; of a histogram without `_bucket`, `_count`, `_sum`. */
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** The label sets its series may have, exactly; `le` of a histogram's buckets left out. */
  readonly labels: readonly (readonly string[])[];
}

const MODEL = ['model', 'version'];
const CALIBRATION = [...MODEL, 'prediction', 'bin'];
const REGRESSION = [
  ...['count', 'overshoot', 'undershoot', 'squared_error', 'percentage_error'],
  ...['label_above', 'label_below', 'label_squared'],
];
const FEATURE = [...MODEL, 'reference', 'feature'];

function metric(type: MetricContract['type'], name: string, ...labels: readonly (readonly string[])[]): MetricContract {
  return { name, type, labels };
}

export const CONTRACT: readonly MetricContract[] = [
  metric('counter', 'ml_predictions_total', [...MODEL, 'prediction']),
  metric('histogram', 'ml_prediction_duration_seconds', MODEL),
  metric('histogram', 'ml_prediction_score', MODEL),
  metric('histogram', 'ml_prediction_value', MODEL),
  metric('counter', 'ml_outcomes_total', [...MODEL, 'class', 'outcome']),
  metric('counter', 'ml_outcomes_revoked_total', [...MODEL, 'class', 'outcome']),
  metric('counter', 'ml_outcomes_exact_total', [...MODEL, 'result']),
  metric('counter', 'ml_outcomes_exact_revoked_total', [...MODEL, 'result']),
  metric('counter', 'ml_confusion_total', [...MODEL, 'actual', 'predicted']),
  metric('counter', 'ml_confusion_revoked_total', [...MODEL, 'actual', 'predicted']),
  metric('counter', 'ml_score_squared_error_total', MODEL),
  metric('counter', 'ml_score_squared_error_revoked_total', MODEL),
  metric('counter', 'ml_score_log_loss_total', MODEL),
  metric('counter', 'ml_score_log_loss_revoked_total', MODEL),
  metric('gauge', 'ml_calibration_positive', [...MODEL, 'prediction']),
  metric('counter', 'ml_calibration_predictions_total', CALIBRATION),
  metric('counter', 'ml_calibration_labeled_total', CALIBRATION),
  metric('counter', 'ml_calibration_labeled_revoked_total', CALIBRATION),
  metric('counter', 'ml_calibration_correct_total', CALIBRATION),
  metric('counter', 'ml_calibration_correct_revoked_total', CALIBRATION),
  metric('counter', 'ml_calibration_score_total', CALIBRATION),
  metric('counter', 'ml_calibration_score_revoked_total', CALIBRATION),
  ...REGRESSION.flatMap((name) => [
    metric('counter', `ml_regression_${name}_total`, [...MODEL, 'reference']),
    metric('counter', `ml_regression_${name}_revoked_total`, [...MODEL, 'reference']),
  ]),
  metric('counter', 'ml_labels_total', [...MODEL, 'status']),
  metric('histogram', 'ml_label_delay_seconds', MODEL),
  metric('gauge', 'ml_predictions_pending', MODEL),
  metric('counter', 'ml_feature_bucket_total', [...FEATURE, 'le']),
  metric('counter', 'ml_feature_categories_total', [...FEATURE, 'category']),
  metric('counter', 'ml_feature_invalid_total', [...MODEL, 'feature', 'reason']),
  metric('gauge', 'ml_feature_reference_ratio', [...FEATURE, 'le', 'gt'], [...FEATURE, 'category']),
  metric('gauge', 'ml_feature_reference_cumulative_ratio', [...FEATURE, 'le']),
  metric('gauge', 'ml_feature_reference_size', FEATURE),
  metric('gauge', 'ml_feature_reference_chi2', FEATURE),
  metric('gauge', 'ml_feature_drift', [...FEATURE, 'statistic']),
  metric('gauge', 'ml_feature_drift_threshold', [...FEATURE, 'statistic']),
  metric('gauge', 'ml_feature_drift_p_value', [...FEATURE, 'statistic']),
  metric('gauge', 'ml_feature_drifted', FEATURE),
  metric('gauge', 'ml_feature_window', FEATURE),
  metric('gauge', 'ml_model_info', [...MODEL, 'stage', 'digest', 'reference']),
  metric('counter', 'ml_model_transitions_total', [...MODEL, 'kind']),
  metric('gauge', 'ml_threshold', ['model', 'metric', 'severity']),
  metric('gauge', 'ml_experiment_weight', ['model', 'experiment', 'version']),
  metric('counter', 'ml_experiment_assignments_total', ['model', 'experiment', 'version']),
  metric('counter', 'ml_experiment_guardrail_total', ['model', 'experiment', 'version']),
  metric('counter', 'plumbline_records_dropped_total', [...MODEL, 'reason']),
  metric('counter', 'plumbline_records_rejected_total', [...MODEL, 'reason']),
  metric('counter', 'plumbline_errors_total', [...MODEL, 'reason']),
  metric('gauge', 'plumbline_queue_depth', [...MODEL, 'place'], ['place']),
  metric('gauge', 'plumbline_disk_free', []),
  metric('gauge', 'plumbline_series_used', MODEL),
  metric('gauge', 'plumbline_series_limit', MODEL),
];

/** Counters that come from labels, each with what takes it back. */
export const TWINS: readonly (readonly [counted: string, revoked: string])[] = [
  ['ml_outcomes_total', 'ml_outcomes_revoked_total'],
  ['ml_outcomes_exact_total', 'ml_outcomes_exact_revoked_total'],
  ['ml_confusion_total', 'ml_confusion_revoked_total'],
  ...['squared_error', 'log_loss'].map((name): [string, string] => [
    `ml_score_${name}_total`,
    `ml_score_${name}_revoked_total`,
  ]),
  ...['labeled', 'correct', 'score'].map((name): [string, string] => [
    `ml_calibration_${name}_total`,
    `ml_calibration_${name}_revoked_total`,
  ]),
  ...REGRESSION.map((name): [string, string] => [`ml_regression_${name}_total`, `ml_regression_${name}_revoked_total`]),
];
