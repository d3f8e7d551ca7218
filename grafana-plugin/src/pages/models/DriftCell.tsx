import { t } from '@grafana/i18n';
import { Badge } from '@grafana/ui';
import React from 'react';
import { MINIMUM_ROWS } from '../../limits';
import type { ModelRow } from './model-rows';

type Drift = Pick<ModelRow, 'driftedFeatures' | 'judgedFeatures' | 'referenceFeatures'>;

/** How many features drifted, of how many; or in words why there is no verdict. */
export function DriftCell({ driftedFeatures = 0, judgedFeatures = 0, referenceFeatures = 0 }: Drift) {
  if (judgedFeatures === 0) {
    return <span>{noVerdict(referenceFeatures)}</span>;
  }
  const counts = { drifted: driftedFeatures, judged: judgedFeatures };
  return driftedFeatures > 0 ? (
    <Badge
      color="orange"
      icon="exclamation-triangle"
      text={t('models.drift.some', '{{drifted}} of {{judged}} drifted', counts)}
    />
  ) : (
    <span>{t('models.drift.none', '0 of {{judged}}', counts)}</span>
  );
}

function noVerdict(referenceFeatures: number): string {
  return referenceFeatures > 0
    ? t('models.drift.too-few', 'fewer than {{minimum}} rows', { minimum: MINIMUM_ROWS })
    : t('models.drift.no-reference', 'no reference');
}
