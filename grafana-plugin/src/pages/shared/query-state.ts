import { LoadingState, type PanelData } from '@grafana/data';
import { t } from '@grafana/i18n';

/** What a page may show of a query's answer. Old rows stay in sight while new ones are fetched or fail to come. */
export interface QueryState {
  /** Nothing has been answered yet. */
  waiting: boolean;
  /** Why the last answer is missing or incomplete. */
  error: string | undefined;
}

/** Reads a query's state; `data` is undefined until the first query starts. */
export function queryState(data: PanelData | undefined): QueryState {
  if (!data) {
    return { waiting: true, error: undefined };
  }
  const answered = data.state === LoadingState.Done || data.state === LoadingState.Error || data.series.length > 0;
  return { waiting: !answered, error: errorOf(data) };
}

function errorOf(data: PanelData): string | undefined {
  const [first] = data.errors ?? [];
  if (first) {
    return first.data?.message ?? first.message ?? unknownError();
  }
  return data.state === LoadingState.Error ? unknownError() : undefined;
}

function unknownError(): string {
  return t('query-error.unknown', 'The query failed without a reason.');
}
