import { t } from '@grafana/i18n';
import { Badge, type BadgeColor, type IconName } from '@grafana/ui';
import React from 'react';
import type { Stage, Version } from '../../control-plane/types';

const LOOKS: Record<Stage, { color: BadgeColor; icon: IconName }> = {
  development: { color: 'blue', icon: 'wrench' },
  staging: { color: 'purple', icon: 'clipboard-alt' },
  production: { color: 'green', icon: 'check-circle' },
  deprecated: { color: 'orange', icon: 'archive-alt' },
};

/** Where a version stands, in words and colour. */
export function StageBadge({ stage }: { stage: Version['stage'] }) {
  if (stage === null) {
    return <Badge color="orange" icon="question-circle" text={t('stage.unregistered', 'not registered')} />;
  }
  return <Badge {...LOOKS[stage]} text={stageName(stage)} />;
}

/** A stage's name. */
export function stageName(stage: Stage): string {
  const names: Record<Stage, () => string> = {
    development: () => t('stage.development', 'development'),
    staging: () => t('stage.staging', 'staging'),
    production: () => t('stage.production', 'production'),
    deprecated: () => t('stage.deprecated', 'deprecated'),
  };
  return names[stage]();
}
