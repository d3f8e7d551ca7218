import { type SceneObject, sceneGraph, VizPanel } from '@grafana/scenes';

/** In milliseconds; as often as the page refreshes, so a legend is as fresh as the tables. */
const GREATEST_STEP = 30_000;

/**
 * Shows each line's last value in the legend only while that is the newest value. Grafana asks Prometheus for points at
 * multiples of a step, so the last one may be a whole step old: 10 s over an hour, 5 minutes over a day, which would
 * contradict the table beside it.
 */
export function newestValueInLegend(panel: SceneObject): () => void {
  const source = sceneGraph.getData(panel);
  const subscription = source.subscribeToState(({ data }) => {
    const step = data?.request?.intervalMs;
    if (panel instanceof VizPanel && step !== undefined) {
      showLast(panel, step <= GREATEST_STEP);
    }
  });
  return () => subscription.unsubscribe();
}

function showLast(panel: VizPanel<{ legend?: { calcs?: string[] } }>, shown: boolean): void {
  const { options } = panel.state;
  const calcs = shown ? ['lastNotNull'] : [];
  if (options.legend?.calcs?.length !== calcs.length) {
    // Not `onOptionsChange`: it needs the visualization, which may load after the first answer.
    panel.setState({ options: { ...options, legend: { ...options.legend, calcs } } });
  }
}
