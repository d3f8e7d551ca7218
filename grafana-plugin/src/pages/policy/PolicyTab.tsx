import { t } from '@grafana/i18n';
import { Alert, Stack } from '@grafana/ui';
import React from 'react';
import { usePolicy } from '../../control-plane/reads';
import type { Policy } from '../../control-plane/types';
import { whyNot } from '../../permissions';
import { ActionButton } from '../shared/ActionButton';
import { ProblemAlert } from '../shared/ProblemAlert';
import { Remote } from '../shared/Remote';
import { ConflictAlert } from './ConflictAlert';
import { EvidenceFields } from './EvidenceFields';
import { GateFields } from './GateFields';
import { KeepingFields } from './KeepingFields';
import { ThresholdFields } from './ThresholdFields';
import { type PolicyForm, usePolicyForm } from './use-policy-form';

/** What a model must reach to move on, from where on people are told, and how long things are kept. */
export default function PolicyTab({ model }: { model: string }) {
  const state = usePolicy(model);
  return (
    <Remote state={state} loading={t('policy.loading', 'Asking the collector for the policy…')}>
      {(policy) => <PolicyEditor model={model} policy={policy} />}
    </Remote>
  );
}

function PolicyEditor({ model, policy }: { model: string; policy: Policy }) {
  const form = usePolicyForm(model, policy);
  const refusal = whyNot('admin');
  const part = { draft: form.draft, edit: form.edit, faults: form.faults, disabled: refusal !== undefined };
  return (
    <Stack direction="column" gap={3}>
      {refusal !== undefined && <Alert severity="info" title={refusal} />}
      <ThresholdFields {...part} />
      <GateFields {...part} />
      <EvidenceFields {...part} />
      <KeepingFields {...part} />
      {form.theirs && <ConflictAlert form={form} theirs={form.theirs} />}
      {form.problem && <ProblemAlert problem={form.problem} />}
      <div>
        <ActionButton whyNot={refusal ?? whyNotSave(form)} onClick={form.save}>
          {t('policy.save', 'Save policy')}
        </ActionButton>
      </div>
    </Stack>
  );
}

function whyNotSave({ pending, isChanged, faults, theirs }: PolicyForm): string | undefined {
  if (pending) {
    return t('policy.saving', 'It is being saved.');
  }
  if (!isChanged) {
    return t('policy.unchanged', 'Nothing has changed.');
  }
  if (faults.length > 0) {
    return t('policy.faults', 'Correct the fields that are marked first.');
  }
  return theirs ? t('policy.decide', 'Decide first what becomes of the changes of somebody else.') : undefined;
}
