import { t } from '@grafana/i18n';
import { predictionShare } from '../queries/prediction-share';
import { rangeQuery } from '../queries/prom-query';
import type { ModelVersion } from '../queries/promql';
import type { TimeSeriesSpec } from './panel-spec';

/** Share of each predicted class over time. */
export function predictionSharePanel(target: ModelVersion): TimeSeriesSpec {
  return {
    key: 'prediction-share',
    visualization: 'timeseries',
    title: t('panels.prediction-share.title', 'Predicted classes'),
    description: t(
      'panels.prediction-share.description',
      'Share of each predicted class in the window. It needs no labels, so it moves before accuracy can.'
    ),
    unit: 'percentunit',
    min: 0,
    max: 1,
    stacked: true,
    queries: [rangeQuery('share', predictionShare(target), '{{prediction}}')],
  };
}
