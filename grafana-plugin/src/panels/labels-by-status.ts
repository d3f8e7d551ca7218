import { t } from '@grafana/i18n';
import { labelsByStatus } from '../queries/labels-by-status';
import { rangeQuery } from '../queries/prom-query';
import type { ModelVersion } from '../queries/promql';
import type { TimeSeriesSpec } from './panel-spec';

/** What became of the labels that arrived. */
export function labelsByStatusPanel(target: ModelVersion): TimeSeriesSpec {
  return {
    key: 'labels-by-status',
    visualization: 'timeseries',
    title: t('panels.labels-by-status.title', 'Labels by status'),
    description: t(
      'panels.labels-by-status.description',
      'Labels of the window: joined to their prediction in time or late, duplicate, corrected, for an unknown prediction; expired counts predictions that never got one.'
    ),
    unit: 'short',
    min: 0,
    queries: [rangeQuery('labels', labelsByStatus(target), '{{status}}')],
  };
}
