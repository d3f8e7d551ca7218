import { t } from '@grafana/i18n';
import { ACCURACY_LIMIT } from '../limits';
import { accuracy } from '../queries/accuracy';
import { rangeQuery } from '../queries/prom-query';
import type { ModelVersion } from '../queries/promql';
import type { TimeSeriesSpec } from './panel-spec';

/** Accuracy over time, with the critical limit drawn. */
export function accuracyPanel(target: ModelVersion): TimeSeriesSpec {
  return {
    key: 'accuracy',
    visualization: 'timeseries',
    title: t('panels.accuracy.title', 'Accuracy'),
    description: t(
      'panels.accuracy.description',
      'Share of labelled predictions that were right, over the chosen window. Below {{limit}} (dashed line) it is critical. Labels arrive late: the newest points rest on the fewest.',
      { limit: ACCURACY_LIMIT.value }
    ),
    unit: 'percentunit',
    max: 1,
    limit: ACCURACY_LIMIT,
    queries: [rangeQuery('accuracy', accuracy(target), t('panels.accuracy.legend', 'accuracy'))],
  };
}
