import { t, Trans } from '@grafana/i18n';
import { Alert, Button, ErrorBoundary, Stack } from '@grafana/ui';
import React, { type ReactNode } from 'react';
import { useLocation } from 'react-router-dom';

/**
 * Keeps a fault on one page from taking the app down: it says what happened and offers to reload, which is also the cure
 * when the plugin was updated under an open tab and its old parts are gone. Another page clears it.
 */
export function AppErrorBoundary({ children }: { children: ReactNode }) {
  const { pathname } = useLocation();
  return (
    <ErrorBoundary boundaryName="plumbline-models-app" dependencies={[pathname]}>
      {({ error }) => (error ? <PageFault message={error.message} /> : <>{children}</>)}
    </ErrorBoundary>
  );
}

function PageFault({ message }: { message: string }) {
  return (
    <Alert severity="error" title={t('app-error.title', 'This page could not be shown')}>
      <Stack direction="column" alignItems="flex-start" gap={1}>
        <span>{message}</span>
        <Button variant="secondary" size="sm" icon="sync" onClick={() => window.location.reload()}>
          <Trans i18nKey="app-error.reload">Reload</Trans>
        </Button>
      </Stack>
    </Alert>
  );
}
