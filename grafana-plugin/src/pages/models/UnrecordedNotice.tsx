import { t, Trans } from '@grafana/i18n';
import { Alert } from '@grafana/ui';
import React from 'react';

/** Says why models are listed without any value: raw metrics arrive, but nobody computes from them. */
export function UnrecordedNotice() {
  return (
    <Alert severity="warning" title={t('models.unrecorded.title', 'Prometheus has recorded nothing over this window')}>
      <Trans i18nKey="models.unrecorded.explanation">
        It scrapes these models, but its recording rules are not loaded or have not run yet. Check that Prometheus loads
        the Plumbline rule files; values appear within a minute.
      </Trans>
    </Alert>
  );
}
