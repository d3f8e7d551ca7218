import { t } from '@grafana/i18n';
import {
  type SceneComponentProps,
  SceneObjectBase,
  type SceneObjectState,
  type SceneQueryRunner,
} from '@grafana/scenes';
import { InteractiveTable, LoadingPlaceholder, Text } from '@grafana/ui';
import React, { useMemo } from 'react';
import { QueryError } from '../shared/QueryError';
import { queryState } from '../shared/query-state';
import { featureColumns } from './feature-columns';
import { type FeatureRow, featureRows } from './feature-rows';

interface FeatureTableState extends SceneObjectState {
  $data: SceneQueryRunner;
}

const ROWS_PER_PAGE = 25;

/** Every feature with its statistic, what chance alone reaches, and the verdict in words. */
export class FeatureTable extends SceneObjectBase<FeatureTableState> {
  public static Component = FeatureTableView;

  /** Asks Prometheus again, for the button beside an error. */
  public retry = () => this.state.$data.runQueries();
}

function FeatureTableView({ model }: SceneComponentProps<FeatureTable>) {
  const { data } = model.state.$data.useState();
  const columns = useMemo(() => featureColumns(), []);
  const rows = useMemo(() => featureRows(data?.series ?? []), [data?.series]);
  const { waiting, error } = queryState(data);

  if (waiting) {
    return <LoadingPlaceholder text={t('features.loading', 'Asking Prometheus for features…')} />;
  }
  return (
    <div>
      {error !== undefined && <QueryError message={error} onRetry={model.retry} />}
      {rows.length > 0 && <InteractiveTable columns={columns} data={rows} getRowId={rowId} pageSize={ROWS_PER_PAGE} />}
      {rows.length === 0 && error === undefined && (
        <Text color="secondary">
          {t(
            'features.empty',
            'Prometheus holds no reference profile of this version in this time, so drift is not judged.'
          )}
        </Text>
      )}
    </div>
  );
}

function rowId({ feature, reference }: FeatureRow): string {
  return JSON.stringify([feature, reference]);
}
