import { DashboardCursorSync } from '@grafana/data';
import { t } from '@grafana/i18n';
import {
  behaviors,
  EmbeddedScene,
  SceneCSSGridLayout,
  type SceneObject,
  SceneFlexItem,
  SceneFlexLayout,
  SceneVariableSet,
} from '@grafana/scenes';
import { accuracyPanel } from '../../panels/accuracy';
import { buildPanel } from '../../panels/build-panel';
import { classF1Panel } from '../../panels/class-f1';
import { driftStatisticPanel } from '../../panels/drift-statistic';
import { driftVerdictPanel } from '../../panels/drift-verdict';
import { f1WeightedPanel } from '../../panels/f1-weighted';
import { labelsByStatusPanel } from '../../panels/labels-by-status';
import { labelsPendingPanel } from '../../panels/labels-pending';
import type { PanelSpec } from '../../panels/panel-spec';
import { predictionSharePanel } from '../../panels/prediction-share';
import { predictionShiftPanel } from '../../panels/prediction-shift';
import { samplesPanel } from '../../panels/samples';
import { promRunner } from '../../queries/prom-query';
import type { ModelVersion } from '../../queries/promql';
import { pageControls, pageTimeRange } from '../shared/controls';
import { WindowVariable } from '../shared/window-variable';
import { featureQueries } from './feature-rows';
import { FeatureTable } from './FeatureTable';
import { Heading } from './Heading';
import { VersionNotice } from './VersionNotice';
import { VERSION, VersionVariable } from './version-variable';

/** Everything Prometheus knows of one model: performance, predictions, drift, labels. */
export function modelScene(model: string, prometheusUid: string): EmbeddedScene {
  const target: ModelVersion = { model, version: { variable: VERSION } };
  const grid = (...panels: PanelSpec[]) => panelGrid(panels, prometheusUid);
  return new EmbeddedScene({
    $timeRange: pageTimeRange(),
    $variables: new SceneVariableSet({ variables: [new VersionVariable(model, prometheusUid), new WindowVariable()] }),
    $behaviors: [new behaviors.CursorSync({ sync: DashboardCursorSync.Crosshair })],
    controls: pageControls(),
    body: column(
      new VersionNotice({}),
      new Heading({ text: t('model.section.performance', 'Performance') }),
      grid(accuracyPanel(target), f1WeightedPanel(target), classF1Panel(target), samplesPanel(target)),
      new Heading({ text: t('model.section.predictions', 'Predictions') }),
      grid(predictionSharePanel(target), predictionShiftPanel(target)),
      new Heading({ text: t('model.section.drift', 'Feature drift') }),
      new FeatureTable({ $data: promRunner(prometheusUid, featureQueries(target)) }),
      grid(driftStatisticPanel(target), driftVerdictPanel(target)),
      new Heading({ text: t('model.section.labels', 'Labels') }),
      grid(labelsByStatusPanel(target), labelsPendingPanel(target))
    ),
  });
}

function column(...bodies: SceneObject[]): SceneFlexLayout {
  const children = bodies.map((body) => new SceneFlexItem({ ySizing: 'content', body }));
  return new SceneFlexLayout({ direction: 'column', children });
}

/** Panels side by side where there is room; each asks Prometheus only once it scrolls into view. */
function panelGrid(panels: PanelSpec[], prometheusUid: string): SceneCSSGridLayout {
  return new SceneCSSGridLayout({
    // Scenes gives each lazy child the same columns, so only `auto-fit` lets a panel fill its cell.
    templateColumns: 'repeat(auto-fit, minmax(min(560px, 100%), 1fr))',
    autoRows: '300px',
    isLazy: true,
    children: panels.map((panel) => buildPanel(panel, prometheusUid)),
  });
}
