import { t } from '@grafana/i18n';
import { Field, Input } from '@grafana/ui';
import React from 'react';

interface NumberFieldProps {
  /** The field's place in the policy; its id on the page is made of it. */
  path: string;
  label: string;
  description?: string;
  suffix?: string;
  placeholder?: string;
  value: string;
  faults: readonly string[];
  disabled: boolean;
  onChange: (value: string) => void;
}

/** A number as text: what cannot be read stays as it was typed, and is marked. */
export function NumberField({ path, label, description, faults, disabled, onChange, ...input }: NumberFieldProps) {
  const id = `plumbline-policy-${path.replaceAll(/\W/g, '-')}`;
  const isWrong = faults.includes(path);
  return (
    <Field
      noMargin
      htmlFor={id}
      label={label}
      description={description}
      invalid={isWrong}
      error={isWrong ? t('policy.number', 'Expected a number.') : undefined}
      disabled={disabled}
    >
      <Input
        {...input}
        id={id}
        width={20}
        inputMode="decimal"
        autoComplete="off"
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </Field>
  );
}
