import { t } from '@grafana/i18n';
import { Field, FieldSet, RadioButtonGroup, Stack } from '@grafana/ui';
import React from 'react';
import { NumberField } from './NumberField';
import type { PolicyDraft } from './policy-draft';
import type { PolicyFieldsProps } from './policy-fields';

/** What counts as evidence for a gate. */
export function EvidenceFields({ draft, edit, faults, disabled }: PolicyFieldsProps) {
  const set = (changes: Partial<PolicyDraft['evidence']>) => edit({ evidence: { ...draft.evidence, ...changes } });
  const { windowDays, minimum, source } = draft.evidence;
  return (
    <FieldSet label={t('policy.evidence', 'Evidence')}>
      <Stack gap={2} wrap="wrap" alignItems="flex-start">
        <NumberField
          path="evidence.windowDays"
          label={t('policy.evidence.days', 'Days back')}
          value={windowDays}
          faults={faults}
          disabled={disabled}
          onChange={(value) => set({ windowDays: value })}
        />
        <NumberField
          path="evidence.minimum"
          label={t('policy.evidence.minimum', 'Labelled predictions at least')}
          value={minimum}
          faults={faults}
          disabled={disabled}
          onChange={(value) => set({ minimum: value })}
        />
        <Field noMargin label={t('policy.evidence.source', 'Measured by')} disabled={disabled}>
          <RadioButtonGroup
            options={[
              { value: 'store' as const, label: t('policy.evidence.store', 'the collector') },
              { value: 'prometheus' as const, label: t('policy.evidence.prometheus', 'embedded monitors') },
            ]}
            value={source}
            onChange={(value) => set({ source: value })}
          />
        </Field>
      </Stack>
    </FieldSet>
  );
}
