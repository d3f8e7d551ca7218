import { t } from '@grafana/i18n';
import { LoadingPlaceholder, Stack, Text } from '@grafana/ui';
import React, { type ReactNode } from 'react';
import type { Problem } from '../../control-plane/problem';
import { formatMoment } from './format';
import { ProblemAlert } from './ProblemAlert';

/** What a page must know of a question to the collector; TanStack Query's results have it. */
export interface RemoteState<Data> {
  data: Data | undefined;
  error: Problem | null;
  dataUpdatedAt: number;
  refetch: () => unknown;
}

interface RemoteProps<Data> {
  state: RemoteState<Data>;
  /** What is being waited for, as a sentence. */
  loading: string;
  /** Shown instead where the data hold nothing. */
  empty?: ReactNode;
  isEmpty?: (data: Data) => boolean;
  children: (data: Data) => ReactNode;
}

/** The four states of everything remote: awaited, there, empty, failed; and there but old, when asking again has failed. */
export function Remote<Data>({ state, loading, empty, isEmpty, children }: RemoteProps<Data>) {
  const { data, error, dataUpdatedAt, refetch } = state;
  const retry = () => void refetch();
  if (data === undefined) {
    return error ? <ProblemAlert problem={error} onRetry={retry} /> : <LoadingPlaceholder text={loading} />;
  }
  return (
    <Stack direction="column" gap={1}>
      {error && <ProblemAlert stale problem={error} onRetry={retry} />}
      {error && (
        <Text color="secondary">
          {t('remote.stale', 'What you see is from {{time}}.', { time: formatMoment(dataUpdatedAt) })}
        </Text>
      )}
      {isEmpty?.(data) ? empty : children(data)}
    </Stack>
  );
}
