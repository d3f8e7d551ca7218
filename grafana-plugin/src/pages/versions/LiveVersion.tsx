import { t } from '@grafana/i18n';
import { Alert, LoadingPlaceholder, Stack, Text } from '@grafana/ui';
import React, { useState } from 'react';
import type { Transition, Version } from '../../control-plane/types';
import { whyNot } from '../../permissions';
import { ActionButton } from '../shared/ActionButton';
import { formatMoment } from '../shared/format';
import { ProblemAlert } from '../shared/ProblemAlert';
import type { RemoteState } from '../shared/Remote';
import { RollbackDialog } from './RollbackDialog';
import { type LiveSpan, whyNotRollBack } from './version-moves';

interface LiveVersionProps {
  model: string;
  versions: readonly Version[];
  transitions: RemoteState<Transition[]>;
  spans: ReadonlyMap<string, readonly LiveSpan[]>;
}

/** Which version is in production, by whose move and why; and the way back, which somebody may need in a hurry. */
export function LiveVersion({ model, versions, transitions, spans }: LiveVersionProps) {
  const [isRollingBack, setRollingBack] = useState(false);
  if (transitions.data === undefined) {
    return transitions.error ? (
      <ProblemAlert problem={transitions.error} onRetry={() => void transitions.refetch()} />
    ) : (
      <LoadingPlaceholder text={t('versions.live.loading', 'Asking the collector for what is live…')} />
    );
  }
  const live = versions.find(({ stage }) => stage === 'production');
  const move = transitions.data.find(({ version, to }) => version === live?.version && to === 'production');
  const targets = versions.filter((version) => whyNotRollBack(version, spans.get(version.version)) === undefined);
  return (
    <Alert severity={live ? 'success' : 'info'} title={titleOf(live)}>
      <Stack direction="column" alignItems="flex-start" gap={1}>
        {move && <Text>{moveText(move)}</Text>}
        <ActionButton
          size="sm"
          variant="secondary"
          icon="history"
          whyNot={whyNot('operate') ?? whyNotToAny(targets)}
          onClick={() => setRollingBack(true)}
        >
          {t('versions.rollback', 'Roll back')}
        </ActionButton>
      </Stack>
      {isRollingBack && (
        <RollbackDialog model={model} live={live?.version} targets={targets} onClose={() => setRollingBack(false)} />
      )}
    </Alert>
  );
}

function titleOf(live: Version | undefined): string {
  return live
    ? t('versions.live.title', 'Version {{version}} is in production', { version: live.version })
    : t('versions.live.none', 'No version is in production');
}

function moveText({ kind, at, actor, reason }: Transition): string {
  const values = { at: formatMoment(at), name: actor.name, reason, interpolation: { escapeValue: false } };
  return kind === 'rolled_back'
    ? t('versions.live.rolled-back', 'Since {{at}}, rolled back to by {{name}}: {{reason}}', values)
    : t('versions.live.promoted', 'Since {{at}}, promoted by {{name}}: {{reason}}', values);
}

function whyNotToAny(targets: readonly Version[]): string | undefined {
  return targets.length > 0
    ? undefined
    : t('versions.rollback.none', 'No former production version is there to go back to.');
}
