import { css } from '@emotion/css';
import { t } from '@grafana/i18n';
import {
  type SceneComponentProps,
  SceneObjectBase,
  type SceneObjectState,
  type SceneQueryRunner,
} from '@grafana/scenes';
import { InteractiveTable, LoadingPlaceholder, useStyles2 } from '@grafana/ui';
import React, { useMemo } from 'react';
import { useLocation } from 'react-router-dom';
import { QueryError } from '../shared/QueryError';
import { queryState } from '../shared/query-state';
import { EmptyModels } from './EmptyModels';
import { modelColumns } from './model-columns';
import { isUnrecorded, type ModelRow, modelRows } from './model-rows';
import { UnrecordedNotice } from './UnrecordedNotice';

interface ModelsTableState extends SceneObjectState {
  $data: SceneQueryRunner;
}

const ROWS_PER_PAGE = 50;

/** All versions of all models that Prometheus knows in the window, one row each. */
export class ModelsTable extends SceneObjectBase<ModelsTableState> {
  public static Component = ModelsTableView;

  /** Asks Prometheus again, for the button beside an error. */
  public retry = () => this.state.$data.runQueries();
}

function ModelsTableView({ model }: SceneComponentProps<ModelsTable>) {
  const { data } = model.state.$data.useState();
  const { search } = useLocation();
  const styles = useStyles2(getStyles);
  const columns = useMemo(() => modelColumns(search), [search]);
  const rows = useMemo(() => modelRows(data?.series ?? []), [data?.series]);
  const { waiting, error } = queryState(data);

  if (waiting) {
    return <LoadingPlaceholder text={t('models.loading', 'Asking Prometheus for models…')} />;
  }
  return (
    <div className={styles.fill}>
      {error !== undefined && <QueryError message={error} onRetry={model.retry} />}
      {rows.length > 0 && rows.every(isUnrecorded) && <UnrecordedNotice />}
      {rows.length > 0 && <InteractiveTable columns={columns} data={rows} getRowId={rowId} pageSize={ROWS_PER_PAGE} />}
      {rows.length === 0 && error === undefined && <EmptyModels />}
    </div>
  );
}

function getStyles() {
  // The scene lays its body out as a flex item, which would be only as wide as its content.
  return { fill: css({ flexGrow: 1, minWidth: 0 }) };
}

function rowId({ model, version }: ModelRow): string {
  return JSON.stringify([model, version]);
}
