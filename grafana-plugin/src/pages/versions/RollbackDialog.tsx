import { t } from '@grafana/i18n';
import { Combobox, Field, Input, Text } from '@grafana/ui';
import React, { useState } from 'react';
import { useRollback } from '../../control-plane/actions';
import type { Version } from '../../control-plane/types';
import { ActionDialog } from '../shared/ActionDialog';
import { ReasonField, whyNotWithout } from '../shared/ReasonField';

interface RollbackDialogProps {
  model: string;
  /** The version in production, which is then deprecated. */
  live: string | undefined;
  /** The versions that may be gone back to; with one there is nothing to choose. */
  targets: readonly Version[];
  onClose: () => void;
}

/** Puts a former version back into production, once its name has been typed. */
export function RollbackDialog({ model, live, targets, onClose }: RollbackDialogProps) {
  const [to, setTo] = useState(targets[0]?.version ?? '');
  const [typed, setTyped] = useState('');
  const [reason, setReason] = useState('');
  const rollback = useRollback(model);
  return (
    <ActionDialog
      title={t('rollback.title', 'Roll back {{model}}', { model })}
      confirm={t('rollback.confirm', 'Roll back')}
      variant="destructive"
      whyNot={whyNotTyped(typed, to) ?? whyNotWithout(reason)}
      pending={rollback.isPending}
      problem={rollback.error}
      onConfirm={() => rollback.mutate({ to, reason: reason.trim() }, { onSuccess: onClose })}
      onDismiss={onClose}
    >
      <Text>{consequence(to, live)}</Text>
      {targets.length > 1 && (
        <Field noMargin htmlFor="plumbline-rollback-to" label={t('rollback.to', 'Back to version')}>
          <Combobox
            id="plumbline-rollback-to"
            options={targets.map(({ version }) => ({ value: version }))}
            value={to}
            onChange={({ value }) => setTo(value)}
          />
        </Field>
      )}
      <Field
        noMargin
        htmlFor="plumbline-rollback-typed"
        label={t('rollback.type', 'Type {{version}} to confirm', { version: to })}
      >
        <Input
          id="plumbline-rollback-typed"
          autoComplete="off"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      </Field>
      <ReasonField value={reason} onChange={setReason} />
    </ActionDialog>
  );
}

function consequence(to: string, live: string | undefined): string {
  return live === undefined
    ? t(
        'rollback.consequence-none',
        'Version {{to}} goes back into production. No gate is asked; its files are checked first.',
        { to }
      )
    : t(
        'rollback.consequence',
        'Version {{to}} goes back into production and {{live}} becomes deprecated. No gate is asked; the files of {{to}} are checked first.',
        { to, live }
      );
}

function whyNotTyped(typed: string, to: string): string | undefined {
  return typed.trim() === to ? undefined : t('rollback.mistyped', 'Type the version’s name first.');
}
