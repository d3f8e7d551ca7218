import { t } from '@grafana/i18n';
import { Alert, Field, Switch } from '@grafana/ui';
import React, { useState } from 'react';
import { useTransition } from '../../control-plane/actions';
import { useGates } from '../../control-plane/reads';
import type { Gates, Stage } from '../../control-plane/types';
import { whyNot } from '../../permissions';
import { ActionDialog } from '../shared/ActionDialog';
import { ReasonField, whyNotWithout } from '../shared/ReasonField';
import { Remote, type RemoteState } from '../shared/Remote';
import { stageName } from '../shared/StageBadge';
import { GateTable } from './GateTable';

interface PromoteDialogProps {
  model: string;
  version: string;
  to: Stage;
  onClose: () => void;
}

/** Moves a version on. What the gates say stands there before anything can be pressed; past them goes only an administrator, with a reason. */
export function PromoteDialog({ model, version, to, onClose }: PromoteDialogProps) {
  const gates = useGates(model, version, to);
  const [reason, setReason] = useState('');
  const [override, setOverride] = useState(false);
  const transition = useTransition(model, version);
  const unmet = gates.data !== undefined && !gates.data.met;
  const past = unmet && override;
  return (
    <ActionDialog
      title={t('promote.title', 'Move version {{version}} to {{stage}}', { version, stage: stageName(to) })}
      confirm={past ? t('promote.override', 'Pass over the gates') : t('promote.confirm', 'Promote')}
      variant={past ? 'destructive' : 'primary'}
      whyNot={whyNotYet(gates, past) ?? whyNotWithout(reason)}
      pending={transition.isPending}
      problem={transition.error}
      onConfirm={() =>
        transition.mutate({ to, reason: reason.trim(), ...(past && { override: true }) }, { onSuccess: onClose })
      }
      onDismiss={onClose}
    >
      <Remote state={gates} loading={t('promote.loading', 'Asking the collector for the evidence…')}>
        {(data) => <GateTable gates={data.gates} />}
      </Remote>
      {unmet && <Override value={override} onChange={setOverride} />}
      <ReasonField value={reason} onChange={setReason} />
    </ActionDialog>
  );
}

/** Never hidden: who may not use it reads why. */
function Override({ value, onChange }: { value: boolean; onChange: (value: boolean) => void }) {
  const refusal = whyNot('admin');
  return (
    <>
      <Field
        noMargin
        htmlFor="plumbline-override"
        label={t('promote.override-label', 'Pass over the gates')}
        description={
          refusal ?? t('promote.override-text', 'The audit log keeps your reason with the gates that were not met.')
        }
        disabled={refusal !== undefined}
      >
        <Switch id="plumbline-override" value={value} onChange={(event) => onChange(event.currentTarget.checked)} />
      </Field>
      {value && (
        <Alert
          severity="warning"
          title={t('promote.override-warning', 'Nothing measured says that this version is good enough')}
        />
      )}
    </>
  );
}

/** Old evidence is none: where asking again has failed, nothing can be pressed. */
function whyNotYet({ data, error }: RemoteState<Gates>, past: boolean): string | undefined {
  if (data === undefined || error) {
    return t('promote.no-evidence', 'The evidence is not there yet.');
  }
  return data.met || past ? undefined : t('promote.unmet', 'Gates are not met.');
}
