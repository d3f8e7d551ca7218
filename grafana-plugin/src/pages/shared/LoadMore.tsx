import { t } from '@grafana/i18n';
import React from 'react';
import { ActionButton } from './ActionButton';

/** What the button must know of a list that comes in parts. */
interface PartialList {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
}

/** Fetches the next part of a list, where there is one. */
export function LoadMore({ list }: { list: PartialList }) {
  if (!list.hasNextPage) {
    return null;
  }
  const waiting = list.isFetchingNextPage ? t('list.loading', 'The next part is on its way.') : undefined;
  return (
    <div>
      <ActionButton variant="secondary" whyNot={waiting} onClick={() => void list.fetchNextPage()}>
        {t('list.more', 'Show more')}
      </ActionButton>
    </div>
  );
}
