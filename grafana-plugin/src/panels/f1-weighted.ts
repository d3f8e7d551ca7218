import { t } from '@grafana/i18n';
import { F1_LIMIT } from '../limits';
import { f1Weighted } from '../queries/f1-weighted';
import { rangeQuery } from '../queries/prom-query';
import type { ModelVersion } from '../queries/promql';
import type { TimeSeriesSpec } from './panel-spec';

/** Weighted F1 over time, with the warning limit drawn. */
export function f1WeightedPanel(target: ModelVersion): TimeSeriesSpec {
  return {
    key: 'f1-weighted',
    visualization: 'timeseries',
    title: t('panels.f1-weighted.title', 'Weighted F1'),
    description: t(
      'panels.f1-weighted.description',
      'F1 of all classes, weighted by how often each one really occurs. Below {{limit}} (dashed line) is a warning.',
      { limit: F1_LIMIT.value }
    ),
    unit: 'percentunit',
    max: 1,
    limit: F1_LIMIT,
    queries: [rangeQuery('f1', f1Weighted(target), t('panels.f1-weighted.legend', 'weighted F1'))],
  };
}
