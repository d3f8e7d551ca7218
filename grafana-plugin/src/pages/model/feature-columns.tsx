import { t } from '@grafana/i18n';
import { Badge, type CellProps, type Column } from '@grafana/ui';
import React from 'react';
import { FEATURE_DRIFT_LIMIT, MINIMUM_ROWS } from '../../limits';
import { formatCount, formatStatistic } from '../shared/format';
import type { FeatureRow } from './feature-rows';

type Cell = CellProps<FeatureRow>;

/** The columns of the feature table. */
export function featureColumns(): Array<Column<FeatureRow>> {
  return [
    { id: 'feature', header: t('features.column.feature', 'Feature'), sortType: 'alphanumeric' },
    {
      id: 'drifted',
      header: t('features.column.verdict', 'Verdict'),
      cell: ({ row }: Cell) => <Verdict drifted={row.original.drifted} />,
    },
    {
      id: 'value',
      header: t('features.column.value', 'Statistic (limit {{limit}})', { limit: FEATURE_DRIFT_LIMIT.value }),
      sortType: 'number',
      cell: ({ row }: Cell) => <span>{statisticText(row.original)}</span>,
    },
    {
      id: 'chance',
      header: t('features.column.chance', 'Chance alone'),
      sortType: 'number',
      cell: ({ row }: Cell) => <span>{formatStatistic(row.original.chance)}</span>,
    },
    {
      id: 'rows',
      header: t('features.column.rows', 'Rows in window'),
      sortType: 'number',
      cell: ({ row }: Cell) => <span>{formatCount(row.original.rows)}</span>,
    },
    { id: 'reference', header: t('features.column.reference', 'Reference'), sortType: 'alphanumeric' },
  ];
}

function Verdict({ drifted }: Pick<FeatureRow, 'drifted'>) {
  if (drifted === undefined) {
    return <span>{t('features.verdict.too-few', 'fewer than {{minimum}} rows', { minimum: MINIMUM_ROWS })}</span>;
  }
  return drifted ? (
    <Badge color="orange" icon="exclamation-triangle" text={t('features.verdict.drifted', 'drifted')} />
  ) : (
    <Badge color="green" icon="check" text={t('features.verdict.none', 'no drift')} />
  );
}

function statisticText({ value, statistic }: FeatureRow): string {
  if (value === undefined) {
    return formatStatistic(value);
  }
  const name =
    statistic === 'ks'
      ? t('features.statistic.ks', 'Kolmogorov–Smirnov')
      : t('features.statistic.js', 'Jensen–Shannon');
  return `${formatStatistic(value)} ${name}`;
}
