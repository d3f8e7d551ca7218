import { t } from '@grafana/i18n';
import { labeledSamples } from '../queries/labeled-samples';
import { predictions } from '../queries/predictions';
import { rangeQuery } from '../queries/prom-query';
import type { ModelVersion } from '../queries/promql';
import type { TimeSeriesSpec } from './panel-spec';

/** How many predictions were made and how many labelled: the n behind the other panels. */
export function samplesPanel(target: ModelVersion): TimeSeriesSpec {
  return {
    key: 'samples',
    visualization: 'timeseries',
    title: t('panels.samples.title', 'Samples (n)'),
    description: t(
      'panels.samples.description',
      'Predictions made in the window, and labelled samples (n) behind accuracy and F1. Few samples make both jump about.'
    ),
    unit: 'short',
    min: 0,
    queries: [
      rangeQuery('predictions', predictions(target), t('panels.samples.predictions', 'predictions')),
      rangeQuery('labeled', labeledSamples(target), t('panels.samples.labeled', 'labelled')),
    ],
  };
}
