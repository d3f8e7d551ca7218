import { t } from '@grafana/i18n';
import { Drawer, Stack } from '@grafana/ui';
import React, { useState } from 'react';
import { useVersion } from '../../control-plane/reads';
import type { Version } from '../../control-plane/types';
import { whyNot } from '../../permissions';
import { ActionButton } from '../shared/ActionButton';
import { Remote } from '../shared/Remote';
import { DeprecateDialog } from './DeprecateDialog';
import { PromoteDialog } from './PromoteDialog';
import { RollbackDialog } from './RollbackDialog';
import { VersionDetails } from './VersionDetails';
import { type LiveSpan, nextStage, whyNotDeprecate, whyNotPromote, whyNotRollBack } from './version-moves';

interface VersionDrawerProps {
  model: string;
  version: string;
  spans: readonly LiveSpan[] | undefined;
  onClose: () => void;
}

/** One version beside the list: what is known of it, and where it may go. */
export function VersionDrawer({ model, version, spans, onClose }: VersionDrawerProps) {
  const state = useVersion(model, version);
  return (
    <Drawer title={t('version.title', 'Version {{version}}', { version })} subtitle={model} size="md" onClose={onClose}>
      <Remote state={state} loading={t('version.loading', 'Asking the collector for the version…')}>
        {(data) => (
          <Stack direction="column" gap={3}>
            <Moves version={data} spans={spans} />
            <VersionDetails version={data} spans={spans} />
          </Stack>
        )}
      </Remote>
    </Drawer>
  );
}

function Moves({ version, spans }: { version: Version; spans: readonly LiveSpan[] | undefined }) {
  const [open, setOpen] = useState<'promote' | 'rollback' | 'deprecate'>();
  const close = () => setOpen(undefined);
  const refusal = whyNot('operate');
  const to = nextStage(version.stage);
  const of = { model: version.model, version: version.version };
  return (
    <Stack gap={1} wrap="wrap">
      <ActionButton icon="arrow-up" whyNot={refusal ?? whyNotPromote(version)} onClick={() => setOpen('promote')}>
        {t('version.promote', 'Promote')}
      </ActionButton>
      <ActionButton
        variant="secondary"
        icon="history"
        whyNot={refusal ?? whyNotRollBack(version, spans)}
        onClick={() => setOpen('rollback')}
      >
        {t('version.rollback', 'Roll back to this')}
      </ActionButton>
      <ActionButton
        variant="secondary"
        icon="archive-alt"
        whyNot={refusal ?? whyNotDeprecate(version)}
        onClick={() => setOpen('deprecate')}
      >
        {t('version.deprecate', 'Deprecate')}
      </ActionButton>
      {open === 'promote' && to && <PromoteDialog {...of} to={to} onClose={close} />}
      {open === 'rollback' && <RollbackDialog {...of} live={undefined} targets={[version]} onClose={close} />}
      {open === 'deprecate' && <DeprecateDialog {...of} onClose={close} />}
    </Stack>
  );
}
