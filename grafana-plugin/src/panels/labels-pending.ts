import { t } from '@grafana/i18n';
import { labelsPending } from '../queries/labels-pending';
import { rangeQuery } from '../queries/prom-query';
import type { ModelVersion } from '../queries/promql';
import type { TimeSeriesSpec } from './panel-spec';

/** How many predictions wait for a label. */
export function labelsPendingPanel(target: ModelVersion): TimeSeriesSpec {
  return {
    key: 'labels-pending',
    visualization: 'timeseries',
    title: t('panels.labels-pending.title', 'Predictions waiting for a label'),
    description: t(
      'panels.labels-pending.description',
      'Predictions that may still get their label. A line that only rises means that labels have stopped coming.'
    ),
    unit: 'short',
    min: 0,
    queries: [rangeQuery('pending', labelsPending(target), t('panels.labels-pending.legend', 'waiting'))],
  };
}
