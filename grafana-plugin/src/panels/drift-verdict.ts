import { t } from '@grafana/i18n';
import { MINIMUM_ROWS } from '../limits';
import { featureDrifted } from '../queries/feature-drifted';
import { rangeQuery } from '../queries/prom-query';
import type { ModelVersion } from '../queries/promql';
import type { StateTimelineSpec } from './panel-spec';

/** When each feature was drifted and when not. */
export function driftVerdictPanel(target: ModelVersion): StateTimelineSpec {
  return {
    key: 'drift-verdict',
    visualization: 'state-timeline',
    title: t('panels.drift-verdict.title', 'Drift verdict per feature'),
    description: t(
      'panels.drift-verdict.description',
      'When each feature was drifted. Gaps are times with fewer than {{minimum}} rows in the window: too few to judge.',
      { minimum: MINIMUM_ROWS }
    ),
    states: [
      { value: 0, text: t('panels.drift-verdict.no-drift', 'no drift'), color: 'green' },
      { value: 1, text: t('panels.drift-verdict.drifted', 'drifted'), color: 'orange' },
    ],
    queries: [rangeQuery('drifted', featureDrifted(target), '{{feature}}')],
  };
}
