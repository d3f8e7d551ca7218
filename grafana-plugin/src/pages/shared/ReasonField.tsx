import { t } from '@grafana/i18n';
import { Field, TextArea } from '@grafana/ui';
import React, { useId } from 'react';

interface ReasonFieldProps {
  value: string;
  onChange: (reason: string) => void;
}

/** Every change needs a reason; whoever reads the audit log in a year has nothing else. */
export function ReasonField({ value, onChange }: ReasonFieldProps) {
  const id = useId();
  return (
    <Field
      noMargin
      htmlFor={id}
      label={t('reason.label', 'Reason')}
      description={t('reason.description', 'It stands in the audit log.')}
    >
      <TextArea
        id={id}
        rows={2}
        maxLength={2000}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </Field>
  );
}

/** Why a change cannot be made yet, as far as its reason goes. */
export function whyNotWithout(reason: string): string | undefined {
  return reason.trim() === '' ? t('reason.missing', 'Say why first.') : undefined;
}
