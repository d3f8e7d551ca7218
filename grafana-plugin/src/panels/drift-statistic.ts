import { t } from '@grafana/i18n';
import { FEATURE_DRIFT_LIMIT } from '../limits';
import { highestDriftNull } from '../queries/drift-null';
import { driftStatistic } from '../queries/drift-statistic';
import { rangeQuery } from '../queries/prom-query';
import type { ModelVersion } from '../queries/promql';
import type { TimeSeriesSpec } from './panel-spec';

/** The deciding statistic of every feature over time, beside what chance alone reaches. */
export function driftStatisticPanel(target: ModelVersion): TimeSeriesSpec {
  return {
    key: 'drift-statistic',
    visualization: 'timeseries',
    title: t('panels.drift-statistic.title', 'Drift statistic per feature'),
    description: t(
      'panels.drift-statistic.description',
      'Distance of each feature from its reference: Kolmogorov–Smirnov for numbers, Jensen–Shannon for categories. Drift means above {{limit}} and above what chance alone reaches (grey: the highest of all features).',
      { limit: FEATURE_DRIFT_LIMIT.value }
    ),
    unit: 'none',
    min: 0,
    decimals: 3,
    limit: FEATURE_DRIFT_LIMIT,
    comparison: 'chance',
    queries: [
      rangeQuery('statistic', driftStatistic(target), '{{feature}}'),
      rangeQuery('chance', highestDriftNull(target), t('panels.drift-statistic.chance', 'chance alone')),
    ],
  };
}
