import { t } from '@grafana/i18n';
import { FieldSet, Grid, Stack, Text } from '@grafana/ui';
import React from 'react';
import { ACCURACY_LIMIT, F1_LIMIT, FEATURE_DRIFT_LIMIT, type Limit, PREDICTION_SHIFT_LIMIT } from '../../limits';
import { NumberField } from './NumberField';
import { SEVERITIES, type Severity, THRESHOLD_METRICS, thresholdKey, type ThresholdMetric } from './policy-draft';
import type { PolicyFieldsProps } from './policy-fields';

/** What the alert rules take where the policy says nothing. */
const DEFAULTS: Partial<Record<ThresholdMetric, Limit>> = {
  accuracy: ACCURACY_LIMIT,
  f1_weighted: F1_LIMIT,
  feature_drift: FEATURE_DRIFT_LIMIT,
  prediction_shift: PREDICTION_SHIFT_LIMIT,
};

/** From where on somebody is told. Rules read these numbers from the metrics; no file has to be touched. */
export function ThresholdFields({ draft, edit, faults, disabled }: PolicyFieldsProps) {
  const set = (key: string, value: string) => edit({ thresholds: { ...draft.thresholds, [key]: value } });
  return (
    <FieldSet label={t('policy.thresholds', 'Alert thresholds')}>
      <Stack direction="column" gap={2}>
        <Text color="secondary">
          {t(
            'policy.thresholds-text',
            'An empty field keeps the default of the alert rules. A new number holds within a minute.'
          )}
        </Text>
        <Grid minColumnWidth={21} gap={2}>
          {THRESHOLD_METRICS.flatMap((metric) =>
            SEVERITIES.map((severity) => {
              const key = thresholdKey(metric, severity);
              return (
                <NumberField
                  key={key}
                  path={`thresholds.${key}`}
                  label={labelOf(metric, severity)}
                  placeholder={defaultText(DEFAULTS[metric], severity)}
                  value={draft.thresholds[key] ?? ''}
                  faults={faults}
                  disabled={disabled}
                  onChange={(value) => set(key, value)}
                />
              );
            })
          )}
        </Grid>
      </Stack>
    </FieldSet>
  );
}

function labelOf(metric: ThresholdMetric, severity: Severity): string {
  const name = METRIC_NAMES[metric]();
  return severity === 'critical'
    ? t('policy.threshold-critical', '{{name}}, critical', { name })
    : t('policy.threshold-warning', '{{name}}, warning', { name });
}

const METRIC_NAMES: Record<ThresholdMetric, () => string> = {
  accuracy: () => t('policy.metric.accuracy', 'Accuracy below'),
  f1_weighted: () => t('policy.metric.f1', 'Weighted F1 below'),
  feature_drift: () => t('policy.metric.drift', 'Feature drift above'),
  prediction_shift: () => t('policy.metric.shift', 'Shift of classes above'),
  latency_p95: () => t('policy.metric.latency', 'Latency (95 %, seconds) above'),
  label_coverage: () => t('policy.metric.coverage', 'Label coverage below'),
};

function defaultText(limit: Limit | undefined, severity: Severity): string {
  return limit?.severity === severity
    ? t('policy.threshold-default', '{{value}} by default', { value: limit.value })
    : t('policy.threshold-none', 'none');
}
