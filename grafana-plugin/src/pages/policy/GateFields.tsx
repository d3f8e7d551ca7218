import { t } from '@grafana/i18n';
import { Combobox, Field, FieldSet, IconButton, Input, Stack, Text } from '@grafana/ui';
import React from 'react';
import { ActionButton } from '../shared/ActionButton';
import { NumberField } from './NumberField';
import type { GateDraft, GatedStage } from './policy-draft';
import type { PolicyFieldsProps } from './policy-fields';

/** What a version must reach before it moves on. */
export function GateFields(props: PolicyFieldsProps) {
  return (
    <FieldSet label={t('policy.gates', 'Gates')}>
      <Stack direction="column" gap={3}>
        <GateList {...props} stage="staging" title={t('policy.gates.staging', 'Before staging')} />
        <GateList {...props} stage="production" title={t('policy.gates.production', 'Before production')} />
      </Stack>
    </FieldSet>
  );
}

type GateListProps = PolicyFieldsProps & { stage: GatedStage; title: string };

function GateList({ draft, edit, faults, disabled, stage, title }: GateListProps) {
  const gates = draft.gates[stage];
  const set = (next: GateDraft[]) => edit({ gates: { ...draft.gates, [stage]: next } });
  const change = (index: number, changes: Partial<GateDraft>) =>
    set(gates.map((gate, at) => (at === index ? { ...gate, ...changes } : gate)));
  return (
    <Stack direction="column" gap={1}>
      <Text element="h3" variant="h5">
        {title}
      </Text>
      {gates.length === 0 && (
        <Text color="secondary">{t('policy.gates.none', 'No gate: every version may pass.')}</Text>
      )}
      {gates.map((gate, index) => (
        <GateRow
          // Gates have no name of their own, and two may be the same while somebody types.
          key={index}
          path={`gates.${stage}.${index}`}
          gate={gate}
          faults={faults}
          disabled={disabled}
          onChange={(changes) => change(index, changes)}
          onRemove={() => set(gates.filter((_gate, at) => at !== index))}
        />
      ))}
      <div>
        <ActionButton
          size="sm"
          variant="secondary"
          icon="plus"
          whyNot={disabled ? t('policy.gates.looking', 'You may only look.') : undefined}
          onClick={() => set([...gates, { metric: '', direction: 'min', need: '' }])}
        >
          {t('policy.gates.add', 'Add a gate')}
        </ActionButton>
      </div>
    </Stack>
  );
}

interface GateRowProps extends Pick<PolicyFieldsProps, 'faults' | 'disabled'> {
  path: string;
  gate: GateDraft;
  onChange: (changes: Partial<GateDraft>) => void;
  onRemove: () => void;
}

function GateRow({ path, gate, faults, disabled, onChange, onRemove }: GateRowProps) {
  const id = path.replaceAll('.', '-');
  const isWrong = faults.includes(`${path}.metric`);
  return (
    <Stack gap={1} wrap="wrap" alignItems="flex-end">
      <Field
        noMargin
        htmlFor={`${id}-metric`}
        label={t('policy.gate.metric', 'Metric')}
        invalid={isWrong}
        error={isWrong ? t('policy.gate.metric-fault', 'Such as accuracy or f1_weighted.') : undefined}
        disabled={disabled}
      >
        <Input
          id={`${id}-metric`}
          width={25}
          autoComplete="off"
          value={gate.metric}
          onChange={(event) => onChange({ metric: event.currentTarget.value })}
        />
      </Field>
      <Field noMargin htmlFor={`${id}-direction`} label={t('policy.gate.direction', 'Needed')} disabled={disabled}>
        <Combobox
          id={`${id}-direction`}
          width={20}
          options={[
            { value: 'min', label: t('policy.gate.min', 'at least') },
            { value: 'max', label: t('policy.gate.max', 'at most') },
          ]}
          value={gate.direction}
          onChange={({ value }) => onChange({ direction: value === 'max' ? 'max' : 'min' })}
        />
      </Field>
      <NumberField
        path={`${path}.need`}
        label={t('policy.gate.need', 'Value')}
        value={gate.need}
        faults={faults}
        disabled={disabled}
        onChange={(need) => onChange({ need })}
      />
      <IconButton
        name="trash-alt"
        size="lg"
        disabled={disabled}
        tooltip={t('policy.gate.remove', 'Remove the gate on {{metric}}', { metric: gate.metric || '…' })}
        onClick={onRemove}
      />
    </Stack>
  );
}
