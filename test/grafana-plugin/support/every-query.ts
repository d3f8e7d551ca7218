import { accuracyPanel } from '../../../grafana-plugin/src/panels/accuracy';
import { classF1Panel } from '../../../grafana-plugin/src/panels/class-f1';
import { driftStatisticPanel } from '../../../grafana-plugin/src/panels/drift-statistic';
import { driftVerdictPanel } from '../../../grafana-plugin/src/panels/drift-verdict';
import { f1WeightedPanel } from '../../../grafana-plugin/src/panels/f1-weighted';
import { labelsByStatusPanel } from '../../../grafana-plugin/src/panels/labels-by-status';
import { labelsPendingPanel } from '../../../grafana-plugin/src/panels/labels-pending';
import type { PanelSpec } from '../../../grafana-plugin/src/panels/panel-spec';
import { predictionSharePanel } from '../../../grafana-plugin/src/panels/prediction-share';
import { predictionShiftPanel } from '../../../grafana-plugin/src/panels/prediction-shift';
import { samplesPanel } from '../../../grafana-plugin/src/panels/samples';
import { featureQueries } from '../../../grafana-plugin/src/pages/model/feature-rows';
import { modelQueries } from '../../../grafana-plugin/src/pages/models/model-rows';
import type { ModelVersion } from '../../../grafana-plugin/src/queries/promql';

/** Every panel of the model page. */
export function everyPanel(target: ModelVersion): PanelSpec[] {
  return [
    accuracyPanel(target),
    f1WeightedPanel(target),
    classF1Panel(target),
    samplesPanel(target),
    predictionSharePanel(target),
    predictionShiftPanel(target),
    driftStatisticPanel(target),
    driftVerdictPanel(target),
    labelsByStatusPanel(target),
    labelsPendingPanel(target),
  ];
}

/** Every PromQL expression the app sends, with the window filled in. */
export function everyExpression(target: ModelVersion, window: string): string[] {
  const queries = [
    ...modelQueries(),
    ...featureQueries(target),
    ...everyPanel(target).flatMap((panel) => panel.queries),
  ];
  return [...new Set(queries.map(({ expr }) => expr.replaceAll('${window:raw}', window)))];
}
