import { t } from '@grafana/i18n';
import { Alert } from '@grafana/ui';
import React, { useState } from 'react';
import { useTransition } from '../../control-plane/actions';
import { ActionDialog } from '../shared/ActionDialog';
import { ReasonField, whyNotWithout } from '../shared/ReasonField';

interface DeprecateDialogProps {
  model: string;
  version: string;
  onClose: () => void;
}

/** Takes the version in production out of it, and puts none in its place. */
export function DeprecateDialog({ model, version, onClose }: DeprecateDialogProps) {
  const [reason, setReason] = useState('');
  const transition = useTransition(model, version);
  return (
    <ActionDialog
      title={t('deprecate.title', 'Deprecate version {{version}}', { version })}
      confirm={t('deprecate.confirm', 'Deprecate')}
      variant="destructive"
      whyNot={whyNotWithout(reason)}
      pending={transition.isPending}
      problem={transition.error}
      onConfirm={() => transition.mutate({ to: 'deprecated', reason: reason.trim() }, { onSuccess: onClose })}
      onDismiss={onClose}
    >
      <Alert
        severity="warning"
        title={t('deprecate.warning', 'No version of {{model}} will be in production', { model })}
      >
        {t('deprecate.text', 'Programs that ask which version is live get none. Rolling back brings it back.')}
      </Alert>
      <ReasonField value={reason} onChange={setReason} />
    </ActionDialog>
  );
}
