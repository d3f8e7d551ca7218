import { t, Trans } from '@grafana/i18n';
import { EmptyState, Stack, Text } from '@grafana/ui';
import React, { useCallback, useMemo, useState } from 'react';
import { useTransitions, useVersions } from '../../control-plane/reads';
import type { Version } from '../../control-plane/types';
import { whyNot } from '../../permissions';
import { ActionButton } from '../shared/ActionButton';
import { LoadMore } from '../shared/LoadMore';
import { Remote } from '../shared/Remote';
import { useUrlValue } from '../shared/use-url-value';
import { CompareDrawer } from './CompareDrawer';
import { LiveVersion } from './LiveVersion';
import { SaveDialog } from './SaveDialog';
import { VersionDrawer } from './VersionDrawer';
import { VersionTable } from './VersionTable';
import { liveSpans } from './version-moves';

/** The versions of a model: what there is, what is live, and the moves between stages. */
export default function VersionsTab({ model }: { model: string }) {
  const versions = useVersions(model);
  const transitions = useTransitions(model);
  const [opened, open] = useUrlValue('details');
  const [compared, compare] = useUrlValue('compare');
  const [isSaving, setSaving] = useState(false);
  const [chosen, setChosen] = useState<string[]>([]);
  const spans = useMemo(() => liveSpans(transitions.data ?? []), [transitions.data]);
  // Of three chosen ones the first is let go: two can be compared.
  const choose = useCallback(
    (version: string) =>
      setChosen((before) =>
        before.includes(version) ? before.filter((name) => name !== version) : [...before, version].slice(-2)
      ),
    []
  );
  const [a, b] = compared?.split(',') ?? [];
  return (
    <Stack direction="column" gap={2}>
      <LiveVersion model={model} versions={versions.data ?? []} transitions={transitions} spans={spans} />
      <Stack gap={1} wrap="wrap">
        <ActionButton icon="upload" whyNot={whyNot('operate')} onClick={() => setSaving(true)}>
          {t('versions.save', 'Save a version')}
        </ActionButton>
        <ActionButton variant="secondary" whyNot={whyNotCompare(chosen)} onClick={() => compare(chosen.join(','))}>
          {t('versions.compare', 'Compare')}
        </ActionButton>
      </Stack>
      <Remote
        state={versions}
        loading={t('versions.loading', 'Asking the collector for versions…')}
        isEmpty={isEmpty}
        empty={<NoVersions />}
      >
        {(items) => <VersionTable versions={items} spans={spans} chosen={chosen} choose={choose} />}
      </Remote>
      <LoadMore list={versions} />
      {opened !== undefined && (
        <VersionDrawer model={model} version={opened} spans={spans.get(opened)} onClose={() => open(undefined)} />
      )}
      {a && b && <CompareDrawer model={model} a={a} b={b} onClose={() => compare(undefined)} />}
      {isSaving && <SaveDialog model={model} onClose={() => setSaving(false)} onSaved={open} />}
    </Stack>
  );
}

function isEmpty(versions: readonly Version[]): boolean {
  return versions.length === 0;
}

function whyNotCompare(chosen: readonly string[]): string | undefined {
  return chosen.length === 2 ? undefined : t('versions.compare.choose', 'Choose two versions in the table first.');
}

function NoVersions() {
  return (
    <EmptyState variant="call-to-action" message={t('versions.empty.title', 'This model has no version yet')}>
      <Text color="secondary">
        <Trans i18nKey="versions.empty.text">
          Save the files of the first one here, or let your training program post them to the collector.
        </Trans>
      </Text>
    </EmptyState>
  );
}
