import { t, Trans } from '@grafana/i18n';
import { Alert, Button, Stack } from '@grafana/ui';
import React from 'react';

interface QueryErrorProps {
  /** What Prometheus or Grafana said. */
  message: string;
  onRetry: () => void;
}

/** Says that the data could not be read, in the words of whoever refused, and offers to try again. */
export function QueryError({ message, onRetry }: QueryErrorProps) {
  return (
    <Alert severity="error" title={t('query-error.title', 'Prometheus could not be read')}>
      <Stack direction="column" alignItems="flex-start" gap={1}>
        <span>{message}</span>
        <Button variant="secondary" size="sm" icon="sync" onClick={onRetry}>
          <Trans i18nKey="query-error.retry">Try again</Trans>
        </Button>
      </Stack>
    </Alert>
  );
}
