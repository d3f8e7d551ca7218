import { t } from '@grafana/i18n';
import { Stack } from '@grafana/ui';
import React from 'react';
import { formatMoment, NO_VALUE } from '../shared/format';
import type { LiveSpan } from './version-moves';

/** When a version was live. */
export function LiveCell({ spans }: { spans: readonly LiveSpan[] | undefined }) {
  if (!spans || spans.length === 0) {
    return <span>{NO_VALUE}</span>;
  }
  return (
    <Stack direction="column" gap={0}>
      {spans.map((span) => (
        <span key={span.from}>{spanText(span)}</span>
      ))}
    </Stack>
  );
}

function spanText({ from, until }: LiveSpan): string {
  return until === undefined
    ? t('versions.live.since', 'live since {{from}}', { from: formatMoment(from) })
    : t('versions.live.span', '{{from}} to {{until}}', { from: formatMoment(from), until: formatMoment(until) });
}
