import { t } from '@grafana/i18n';
import { DataSourcePicker } from '@grafana/runtime';
import { Field, FieldSet, Input, SecretInput, Stack } from '@grafana/ui';
import React from 'react';
import { PRIVILEGES } from '../../permissions';
import { ActionButton } from '../shared/ActionButton';
import { ProblemAlert } from '../shared/ProblemAlert';
import { tokenSettings } from './token-settings';
import type { SettingsFormState } from './use-settings-form';

/** An address is the same in every language. */
const EXAMPLE = 'http://collector:8080';

/** Address, tokens and data source. */
export function SettingsForm({ form }: { form: SettingsFormState }) {
  return (
    <FieldSet label={t('config.connection', 'Connection')}>
      <AddressField form={form} />
      {PRIVILEGES.map((privilege) => (
        <TokenField key={privilege} form={form} {...tokenSettings(privilege)} />
      ))}
      <DataSourceField form={form} />
      <Stack direction="column" gap={1} alignItems="flex-start">
        <ActionButton whyNot={whyNotSave(form)} onClick={() => void form.save()}>
          {t('config.save', 'Save')}
        </ActionButton>
        {form.problem && <ProblemAlert problem={form.problem} />}
      </Stack>
    </FieldSet>
  );
}

function AddressField({ form }: { form: SettingsFormState }) {
  const isWrong = form.collectorUrl !== '' && form.urlFault !== undefined;
  return (
    <Field
      htmlFor="plumbline-collector-url"
      label={t('config.url.label', 'Address of the collector')}
      description={t('config.url.description', 'As Grafana’s server reaches it.')}
      invalid={isWrong}
      error={isWrong ? form.urlFault : undefined}
    >
      <Input
        id="plumbline-collector-url"
        placeholder={EXAMPLE}
        value={form.collectorUrl}
        onChange={(event) => form.change({ collectorUrl: event.currentTarget.value })}
      />
    </Field>
  );
}

type TokenFieldProps = ReturnType<typeof tokenSettings> & { form: SettingsFormState };

function TokenField({ form, name, label, description }: TokenFieldProps) {
  const id = `plumbline-${name}`;
  return (
    <Field htmlFor={id} label={label} description={description}>
      <SecretInput
        id={id}
        autoComplete="off"
        isConfigured={form.isKept(name)}
        value={form.tokens[name] ?? ''}
        onReset={() => form.setToken(name, '')}
        onChange={(event) => form.setToken(name, event.currentTarget.value)}
      />
    </Field>
  );
}

function DataSourceField({ form }: { form: SettingsFormState }) {
  return (
    <Field
      htmlFor="plumbline-prometheus"
      label={t('config.prometheus.label', 'Prometheus data source')}
      description={t(
        'config.prometheus.description',
        'The one that scrapes the models and has loaded Plumbline’s recording rules.'
      )}
    >
      <DataSourcePicker
        inputId="plumbline-prometheus"
        type="prometheus"
        current={form.prometheusUid}
        noDefault
        onChange={({ uid }) => form.change({ prometheusUid: uid })}
      />
    </Field>
  );
}

function whyNotSave({ pending, isChanged, urlFault }: SettingsFormState): string | undefined {
  if (pending) {
    return t('config.saving', 'It is being saved.');
  }
  return isChanged ? urlFault : t('config.unchanged', 'Nothing has changed.');
}
