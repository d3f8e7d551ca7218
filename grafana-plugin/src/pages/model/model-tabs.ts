import { t } from '@grafana/i18n';
import { EmbeddedScene, SceneAppPage } from '@grafana/scenes';
import { lazy } from 'react';
import { modelUrl } from '../../routing';
import { ManagedTab, type ModelView } from './ManagedTab';
import { modelScene } from './model-scene';

/** A tab for what the collector manages: the last part of its address, its name, and what it shows. */
interface ManagedTabSpec {
  path: string;
  title: () => string;
  view: ModelView;
}

/** In the order of the page. Each is loaded when somebody opens it. */
const MANAGED: ManagedTabSpec[] = [
  {
    path: 'versions',
    title: () => t('model.tab.versions', 'Versions'),
    view: lazy(() => import(/* webpackChunkName: "versions" */ '../versions/VersionsTab')),
  },
  {
    path: 'policy',
    title: () => t('model.tab.policy', 'Policy'),
    view: lazy(() => import(/* webpackChunkName: "policy" */ '../policy/PolicyTab')),
  },
  {
    path: 'activity',
    title: () => t('model.tab.activity', 'Activity'),
    view: lazy(() => import(/* webpackChunkName: "activity" */ '../activity/ActivityTab')),
  },
];

/** The tabs of a model's page. The first has the page's own address, which alerts and dashboards link to. */
export function modelTabs(model: string, prometheusUid: string): SceneAppPage[] {
  const measured = new SceneAppPage({
    title: t('model.tab.performance', 'Performance and drift'),
    url: modelUrl(model),
    routePath: 'performance',
    getScene: () => modelScene(model, prometheusUid),
  });
  const managed = MANAGED.map(
    ({ path, title, view }) =>
      new SceneAppPage({
        title: title(),
        url: `${modelUrl(model)}/${path}`,
        routePath: path,
        preserveUrlKeys: MEASURED_KEYS,
        getScene: () => new EmbeddedScene({ body: new ManagedTab({ model, view }) }),
      })
  );
  return [measured, ...managed];
}

/** What a managed tab hands on to the next one: not which drawer is open, but what was looked at before. */
const MEASURED_KEYS = ['from', 'to', 'timezone', 'refresh', 'var-window', 'var-version'];
