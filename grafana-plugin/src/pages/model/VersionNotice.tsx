import { t, Trans } from '@grafana/i18n';
import { type SceneComponentProps, sceneGraph, SceneObjectBase, type SceneObjectState } from '@grafana/scenes';
import { Alert, TextLink } from '@grafana/ui';
import React from 'react';
import { MODELS_URL } from '../../routing';
import { QueryError } from '../shared/QueryError';
import { VERSION, VersionVariable } from './version-variable';

/** Speaks up when the model has no version in the time range, or when Prometheus would not say. */
export class VersionNotice extends SceneObjectBase<SceneObjectState> {
  public static Component = VersionNoticeView;
}

function VersionNoticeView({ model }: SceneComponentProps<VersionNotice>) {
  const versions = sceneGraph.lookupVariable(VERSION, model);
  return versions instanceof VersionVariable ? <NoticeOn versions={versions} /> : null;
}

function NoticeOn({ versions }: { versions: VersionVariable }) {
  const { options, loading, error } = versions.useState();
  if (loading) {
    return null;
  }
  if (error) {
    return <QueryError message={errorText(error)} onRetry={() => versions.refreshOptions()} />;
  }
  if (options.length > 0) {
    return null;
  }
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
