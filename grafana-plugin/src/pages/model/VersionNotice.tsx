import { t, Trans } from '@grafana/i18n';
import { type SceneComponentProps, SceneObjectBase, type SceneObjectState } from '@grafana/scenes';
import { Alert, TextLink } from '@grafana/ui';
import React from 'react';
import { MODELS_URL } from '../../routing';
import { QueryError } from '../shared/QueryError';
import type { VersionVariable } from './version-variable';

interface VersionNoticeState extends SceneObjectState {
  versions: VersionVariable;
}

/** Speaks up when the model has no version in the time range, or when Prometheus would not say. */
export class VersionNotice extends SceneObjectBase<VersionNoticeState> {
  public static Component = VersionNoticeView;
}

function VersionNoticeView({ model }: SceneComponentProps<VersionNotice>) {
  const { versions } = model.useState();
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
