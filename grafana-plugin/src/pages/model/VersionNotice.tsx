import { t, Trans } from '@grafana/i18n';
import { type SceneComponentProps, sceneGraph, SceneObjectBase, type SceneObjectState } from '@grafana/scenes';
import { Alert, Button, Stack, TextLink } from '@grafana/ui';
import React from 'react';
import { MODELS_URL } from '../../routing';
import { QueryError } from '../shared/QueryError';
import { VERSION, VersionVariable } from './version-variable';

/** Speaks up when the time range has no version of the model, or not the one asked for, or when Prometheus would not say. */
export class VersionNotice extends SceneObjectBase<SceneObjectState> {
  public static Component = VersionNoticeView;
}

function VersionNoticeView({ model }: SceneComponentProps<VersionNotice>) {
  const versions = sceneGraph.lookupVariable(VERSION, model);
  return versions instanceof VersionVariable ? <NoticeOn versions={versions} /> : null;
}

function NoticeOn({ versions }: { versions: VersionVariable }) {
  const { options, value, loading, error } = versions.useState();
  if (loading) {
    return null;
  }
  if (error) {
    return <QueryError message={errorText(error)} onRetry={() => versions.refreshOptions()} />;
  }
  const [newest] = options;
  if (!newest) {
    return <NoVersion />;
  }
  if (options.some((option) => option.value === value)) {
    return null;
  }
  const open = () => versions.changeValueTo(newest.value, newest.label, true);
  return <UnknownVersion version={String(value)} newest={newest.label} onOpenNewest={open} />;
}

interface UnknownVersionProps {
  version: string;
  newest: string;
  onOpenNewest: () => void;
}

/** React escapes what it draws; escaped by i18next as well, a version `a"b` would read `a&quot;b`. */
const AS_IT_IS = { interpolation: { escapeValue: false } };

function UnknownVersion({ version, newest, onOpenNewest }: UnknownVersionProps) {
  const title = t('model.unknown-version.title', 'Prometheus knows no version {{version}} of this model in this time', {
    version,
    ...AS_IT_IS,
  });
  return (
    <Alert severity="info" title={title}>
      <Stack direction="column" alignItems="flex-start" gap={1}>
        <span>
          <Trans i18nKey="model.unknown-version.explanation">
            Look further back with the time picker, choose another version, or open the newest one.
          </Trans>
        </span>
        <Button variant="secondary" size="sm" onClick={onOpenNewest}>
          {t('model.unknown-version.open', 'Open version {{newest}}', { newest, ...AS_IT_IS })}
        </Button>
      </Stack>
    </Alert>
  );
}

function NoVersion() {
  return (
    <Alert severity="info" title={t('model.unknown.title', 'Prometheus knows no version of this model in this time')}>
      <Trans i18nKey="model.unknown.explanation">
        Look further back with the time picker, or go back to <TextLink href={MODELS_URL}>all models</TextLink>.
      </Trans>
    </Alert>
  );
}

function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
