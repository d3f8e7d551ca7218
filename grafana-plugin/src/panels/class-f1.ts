import { t } from '@grafana/i18n';
import { classF1 } from '../queries/class-f1';
import { rangeQuery } from '../queries/prom-query';
import type { ModelVersion } from '../queries/promql';
import type { TimeSeriesSpec } from './panel-spec';

/** F1 of each class over time. */
export function classF1Panel(target: ModelVersion): TimeSeriesSpec {
  return {
    key: 'class-f1',
    visualization: 'timeseries',
    title: t('panels.class-f1.title', 'F1 per class'),
    description: t(
      'panels.class-f1.description',
      'F1 of each class. One class that falls while the weighted F1 stays is a weakness the average hides.'
    ),
    unit: 'percentunit',
    min: 0,
    max: 1,
    queries: [rangeQuery('f1', classF1(target), '{{class}}')],
  };
}
