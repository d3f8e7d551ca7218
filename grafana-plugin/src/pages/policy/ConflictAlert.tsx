import { t, Trans } from '@grafana/i18n';
import { Alert, Button, Stack } from '@grafana/ui';
import React from 'react';
import type { Policy } from '../../control-plane/types';
import type { PolicyForm } from './use-policy-form';

/** Somebody else has saved the policy while this one was typed: neither is lost without a decision. */
export function ConflictAlert({ form, theirs }: { form: PolicyForm; theirs: Policy }) {
  const title = t('policy.conflict.title', 'Somebody else has changed the policy meanwhile (revision {{revision}})', {
    revision: theirs.revision,
  });
  return (
    <Alert severity="warning" title={title}>
      <Stack direction="column" gap={1}>
        <span>
          <Trans i18nKey="policy.conflict.text">
            Activity shows who, and what. Where you have typed, yours would replace theirs; everything else stays as it
            is now.
          </Trans>
        </span>
        <Stack gap={1} wrap="wrap">
          <Button size="sm" variant="secondary" onClick={form.keepMine}>
            <Trans i18nKey="policy.conflict.mine">Keep what I typed</Trans>
          </Button>
          <Button size="sm" variant="secondary" onClick={form.takeTheirs}>
            <Trans i18nKey="policy.conflict.theirs">Show theirs</Trans>
          </Button>
        </Stack>
      </Stack>
    </Alert>
  );
}
