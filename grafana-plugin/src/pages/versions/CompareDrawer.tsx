import { t } from '@grafana/i18n';
import { type CellProps, type Column, Drawer, InteractiveTable, Stack, Text } from '@grafana/ui';
import React, { type ReactNode, useMemo } from 'react';
import { useComparison } from '../../control-plane/reads';
import type { Comparison } from '../../control-plane/types';
import { Facts } from '../shared/Facts';
import { formatMetric, formatStatistic, NO_VALUE } from '../shared/format';
import { Remote } from '../shared/Remote';
import { StageBadge } from '../shared/StageBadge';

interface CompareDrawerProps {
  model: string;
  a: string;
  b: string;
  onClose: () => void;
}

/** How two versions differ: their metrics, their files, and how far the data they were trained on lie apart. */
export function CompareDrawer({ model, a, b, onClose }: CompareDrawerProps) {
  const state = useComparison(model, a, b);
  const title = t('compare.title', 'Version {{a}} and version {{b}}', { a, b });
  return (
    <Drawer title={title} subtitle={model} size="md" onClose={onClose}>
      <Remote state={state} loading={t('compare.loading', 'Asking the collector to compare…')}>
        {(comparison) => <Differences comparison={comparison} />}
      </Remote>
    </Drawer>
  );
}

type MetricRow = Comparison['metrics'][number];
type ProfileRow = NonNullable<Comparison['profile']>[number];

function Differences({ comparison }: { comparison: Comparison }) {
  const { a, b, metrics, files, profile } = comparison;
  const metricsTable = useMemo(() => metricColumns(a.version, b.version), [a.version, b.version]);
  const profileTable = useMemo(() => profileColumns(), []);
  const list = (paths: readonly string[]) => paths.join(', ') || t('compare.none', 'none');
  return (
    <Stack direction="column" gap={3}>
      <Facts facts={[a, b].map(({ version, stage }) => [version, <StageBadge key={version} stage={stage} />])} />
      <Section title={t('compare.metrics', 'Metrics')}>
        {metrics.length === 0 ? (
          <Text color="secondary">{t('compare.no-metrics', 'Neither was saved with metrics.')}</Text>
        ) : (
          <InteractiveTable columns={metricsTable} data={metrics} getRowId={({ metric }: MetricRow) => metric} />
        )}
      </Section>
      <Section title={t('compare.files', 'Files')}>
        <Facts
          facts={[
            [t('compare.added', 'Only in {{version}}', { version: b.version }), list(files.added)],
            [t('compare.removed', 'Only in {{version}}', { version: a.version }), list(files.removed)],
            [t('compare.changed', 'Different'), list(files.changed)],
          ]}
        />
      </Section>
      <Section title={t('compare.profile', 'Distance of the training data')}>
        {profile === null || profile.length === 0 ? (
          <Text color="secondary">{t('compare.no-profile', 'There are not two reference profiles to compare.')}</Text>
        ) : (
          <InteractiveTable
            columns={profileTable}
            data={profile}
            pageSize={25}
            getRowId={({ feature }: ProfileRow) => feature}
          />
        )}
      </Section>
    </Stack>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Stack direction="column" gap={1}>
      <Text element="h3" variant="h5">
        {title}
      </Text>
      {children}
    </Stack>
  );
}

function metricColumns(a: string, b: string): Array<Column<MetricRow>> {
  const value = (id: 'a' | 'b' | 'difference', header: string): Column<MetricRow> => ({
    id,
    header,
    cell: ({ row }: CellProps<MetricRow>) => <span>{formatMetric(row.original[id])}</span>,
  });
  return [
    { id: 'metric', header: t('compare.metric', 'Metric'), sortType: 'alphanumeric' },
    value('a', a),
    value('b', b),
    value('difference', t('compare.difference', 'Difference')),
  ];
}

function profileColumns(): Array<Column<ProfileRow>> {
  const value = (id: 'ks' | 'js', header: string): Column<ProfileRow> => ({
    id,
    header,
    sortType: 'number',
    cell: ({ row }: CellProps<ProfileRow>) => <span>{distance(row.original[id])}</span>,
  });
  return [
    { id: 'feature', header: t('compare.feature', 'Feature'), sortType: 'alphanumeric' },
    value('ks', t('compare.ks', 'Kolmogorov–Smirnov')),
    value('js', t('compare.js', 'Jensen–Shannon')),
  ];
}

function distance(value: number | null): string {
  return value === null ? NO_VALUE : formatStatistic(value);
}
