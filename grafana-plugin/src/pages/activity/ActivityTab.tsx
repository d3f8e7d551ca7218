import { t } from '@grafana/i18n';
import { Combobox, Field, Stack, Text } from '@grafana/ui';
import React from 'react';
import { useAudit } from '../../control-plane/reads';
import type { AuditRecord } from '../../control-plane/types';
import { LoadMore } from '../shared/LoadMore';
import { Remote } from '../shared/Remote';
import { useUrlValue } from '../shared/use-url-value';
import { AlertHistory } from './AlertHistory';
import { AuditTable } from './AuditTable';
import { actionOptions } from './audit-action';

/** Who did what with the model and why, and which alerts it had. */
export default function ActivityTab({ model }: { model: string }) {
  const [action = '', setAction] = useUrlValue('action');
  const audit = useAudit(model, action);
  return (
    <Stack direction="column" gap={3}>
      <Stack direction="column" gap={2}>
        <Text element="h2" variant="h3">
          {t('activity.audit', 'Changes')}
        </Text>
        <Field noMargin htmlFor="plumbline-audit-action" label={t('activity.action', 'Show')}>
          <Combobox
            id="plumbline-audit-action"
            width={40}
            options={actionOptions()}
            value={action}
            createCustomValue
            onChange={({ value }) => setAction(value === '' ? undefined : value)}
          />
        </Field>
        <Remote
          state={audit}
          loading={t('activity.loading', 'Asking the collector for the audit log…')}
          isEmpty={isEmpty}
          empty={<Text color="secondary">{t('activity.empty', 'Nothing of the kind has happened.')}</Text>}
        >
          {(records) => <AuditTable records={records} />}
        </Remote>
        <LoadMore list={audit} />
      </Stack>
      <AlertHistory model={model} />
    </Stack>
  );
}

function isEmpty(records: readonly AuditRecord[]): boolean {
  return records.length === 0;
}
