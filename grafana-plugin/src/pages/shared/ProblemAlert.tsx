import { t, Trans } from '@grafana/i18n';
import { Alert, Button, Stack, Text } from '@grafana/ui';
import React from 'react';
import type { Problem } from '../../control-plane/problem';
import { problemText } from './problem-text';

interface ProblemAlertProps {
  problem: Problem;
  /** Where asking again may help. */
  onRetry?: () => void;
  /** Old data is still shown below, so it is a warning only. */
  stale?: boolean;
}

/** What went wrong with the collector, in its own words where it has any, and what to do about it. */
export function ProblemAlert({ problem, onRetry, stale = false }: ProblemAlertProps) {
  const { title, said, help } = problemText(problem);
  const { requestId } = problem.details;
  return (
    <Alert severity={stale ? 'warning' : 'error'} title={title}>
      <Stack direction="column" alignItems="flex-start" gap={1}>
        {said !== '' && <span>{said}</span>}
        <span>{help}</span>
        {requestId !== undefined && (
          <Text variant="bodySmall" color="secondary">
            {t('problem.request', 'Request {{id}}', { id: requestId })}
          </Text>
        )}
        {onRetry && (
          <Button variant="secondary" size="sm" icon="sync" onClick={onRetry}>
            <Trans i18nKey="problem.retry">Try again</Trans>
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
