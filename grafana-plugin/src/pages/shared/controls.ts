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

/** The last hours, long enough to see a change and short enough to see it happen. */
export function pageTimeRange(): SceneTimeRange {
  return new SceneTimeRange({ from: 'now-6h', to: 'now' });
}
