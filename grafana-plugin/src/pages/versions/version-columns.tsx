import { t } from '@grafana/i18n';
import { type CellProps, Checkbox, type Column, Stack, Tag, TextLink } from '@grafana/ui';
import React from 'react';
import type { Version } from '../../control-plane/types';
import { formatMetric, formatMoment, shortDigest } from '../shared/format';
import { StageBadge } from '../shared/StageBadge';
import { LiveCell } from './LiveCell';
import type { LiveSpan } from './version-moves';

/** A version as the table shows it. What changes stands in the row: new columns would draw all cells anew and lose the focus. */
export interface VersionRow extends Version {
  live: readonly LiveSpan[] | undefined;
  isChosen: boolean;
  choose: () => void;
  href: string;
}

type Cell = CellProps<VersionRow>;

/** The columns of the table of versions. */
export function versionColumns(): Array<Column<VersionRow>> {
  return [
    {
      id: 'chosen',
      disableGrow: true,
      cell: ({ row: { original } }: Cell) => (
        <Checkbox
          aria-label={t('versions.choose', 'Compare version {{version}}', { version: original.version })}
          value={original.isChosen}
          onChange={original.choose}
        />
      ),
    },
    {
      id: 'version',
      header: t('versions.column.version', 'Version'),
      sortType: 'alphanumeric',
      cell: ({ row: { original } }: Cell) => (
        <TextLink inline={false} href={original.href}>
          {original.version}
        </TextLink>
      ),
    },
    {
      id: 'stage',
      header: t('versions.column.stage', 'Stage'),
      sortType: 'alphanumeric',
      cell: ({ row: { original } }: Cell) => (
        <Stack gap={0.5} wrap="wrap">
          <StageBadge stage={original.stage} />
          {original.aliases.map((alias) => (
            <Tag key={alias} name={alias} />
          ))}
        </Stack>
      ),
    },
    {
      id: 'live',
      header: t('versions.column.live', 'In production'),
      cell: ({ row: { original } }: Cell) => <LiveCell spans={original.live} />,
    },
    {
      id: 'createdAt',
      header: t('versions.column.created', 'Saved'),
      sortType: 'alphanumeric',
      cell: ({ row: { original } }: Cell) => <span>{formatMoment(original.createdAt)}</span>,
    },
    {
      id: 'metrics',
      header: t('versions.column.metrics', 'Metrics it was saved with'),
      cell: ({ row: { original } }: Cell) => <span>{metricsText(original.metrics)}</span>,
    },
    { id: 'description', header: t('versions.column.description', 'Description') },
    {
      id: 'digest',
      header: t('versions.column.digest', 'Digest'),
      cell: ({ row: { original } }: Cell) => <code>{shortDigest(original.digest)}</code>,
    },
  ];
}

function metricsText(metrics: Version['metrics']): string {
  const named = Object.entries(metrics).map(([name, value]) => `${name} ${formatMetric(value)}`);
  return named.length === 0 ? t('versions.metrics.none', 'none') : named.join(', ');
}
