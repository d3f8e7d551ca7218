import { t } from '@grafana/i18n';
import { type CellProps, type Column, TextLink } from '@grafana/ui';
import React from 'react';
import { ACCURACY_LIMIT, F1_LIMIT } from '../../limits';
import { versionUrl } from '../../routing';
import { formatCount } from '../shared/format';
import { LimitedValue } from '../shared/LimitedValue';
import { DriftCell } from './DriftCell';
import type { ModelRow } from './model-rows';

type Cell = CellProps<ModelRow>;

/** The table's columns. Links carry the time range and window of the current address along. */
export function modelColumns(currentSearch: string): Array<Column<ModelRow>> {
  return [
    { id: 'model', header: t('models.column.model', 'Model'), sortType: 'alphanumeric', cell: linkCell(currentSearch) },
    { id: 'version', header: t('models.column.version', 'Version'), sortType: 'alphanumeric' },
    {
      id: 'accuracy',
      header: t('models.column.accuracy', 'Accuracy'),
      sortType: 'number',
      cell: ({ row }: Cell) => (
        <LimitedValue value={row.original.accuracy} labeled={row.original.labeled} limit={ACCURACY_LIMIT} />
      ),
    },
    {
      id: 'f1Weighted',
      header: t('models.column.f1', 'Weighted F1'),
      sortType: 'number',
      cell: ({ row }: Cell) => (
        <LimitedValue value={row.original.f1Weighted} labeled={row.original.labeled} limit={F1_LIMIT} />
      ),
    },
    {
      id: 'labeled',
      header: t('models.column.labeled', 'Labelled (n)'),
      sortType: 'number',
      cell: countCell('labeled'),
    },
    {
      id: 'driftedFeatures',
      header: t('models.column.drift', 'Drifted features'),
      sortType: 'number',
      cell: ({ row }: Cell) => <DriftCell {...row.original} />,
    },
    {
      id: 'predictions',
      header: t('models.column.predictions', 'Predictions'),
      sortType: 'number',
      cell: countCell('predictions'),
    },
  ];
}

function linkCell(currentSearch: string) {
  return function ModelLink({ row }: Cell) {
    const { model, version } = row.original;
    if (model === '') {
      return <span>{t('models.unnamed', '(no name)')}</span>;
    }
    return (
      <TextLink inline={false} href={versionUrl(model, version, currentSearch)}>
        {model}
      </TextLink>
    );
  };
}

function countCell(measure: 'labeled' | 'predictions') {
  return function Count({ row }: Cell) {
    return <span>{formatCount(row.original[measure])}</span>;
  };
}
