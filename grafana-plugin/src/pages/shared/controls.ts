import {
  SceneControlsSpacer,
  type SceneObject,
  SceneRefreshPicker,
  SceneTimePicker,
  SceneTimeRange,
  VariableValueSelectors,
} from '@grafana/scenes';

/** The row above every page: its variables on the left, time and refresh on the right. */
export function pageControls(): SceneObject[] {
  return [
    new VariableValueSelectors({}),
    new SceneControlsSpacer(),
    new SceneTimePicker({ isOnCanvas: true }),
    new SceneRefreshPicker({ intervals: ['15s', '30s', '1m', '5m'], refresh: '30s', isOnCanvas: true }),
  ];
}

/** The last hour: long enough to see a change, short enough that legends show the newest values (newest-value.ts). */
export function pageTimeRange(): SceneTimeRange {
  return new SceneTimeRange({ from: 'now-1h', to: 'now' });
}
