import { t } from '@grafana/i18n';
import { FieldSet, Stack } from '@grafana/ui';
import React from 'react';
import { NumberField } from './NumberField';
import type { PolicyFieldsProps } from './policy-fields';

/** How long labels are waited for and predictions kept. */
export function KeepingFields({ draft, edit, faults, disabled }: PolicyFieldsProps) {
  const part = { faults, disabled };
  return (
    <FieldSet label={t('policy.keeping', 'Labels and retention')}>
      <Stack gap={2} wrap="wrap" alignItems="flex-start">
        <NumberField
          {...part}
          path="labelDeadlineHours"
          label={t('policy.deadline', 'A label is late after (hours)')}
          value={draft.labelDeadlineHours}
          onChange={(labelDeadlineHours) => edit({ labelDeadlineHours })}
        />
        <NumberField
          {...part}
          path="labelExpiryHours"
          label={t('policy.expiry', 'No label is awaited after (hours)')}
          value={draft.labelExpiryHours}
          onChange={(labelExpiryHours) => edit({ labelExpiryHours })}
        />
        <NumberField
          {...part}
          path="retentionDays"
          label={t('policy.retention', 'Predictions are kept (days)')}
          value={draft.retentionDays}
          onChange={(retentionDays) => edit({ retentionDays })}
        />
      </Stack>
    </FieldSet>
  );
}
