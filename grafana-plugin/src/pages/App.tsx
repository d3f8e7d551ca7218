import type { AppRootProps } from '@grafana/data';
import { SceneApp, useSceneApp } from '@grafana/scenes';
import { QueryClientProvider } from '@tanstack/react-query';
import React, { lazy } from 'react';
import { matchPath, Navigate, useLocation } from 'react-router-dom';
import { createQueryClient } from '../control-plane/query-client';
import { MODELS_URL, RUNBOOKS_URL } from '../routing';
import { type AppSettings, prometheusUidOf } from '../settings';
import { AppErrorBoundary } from './AppErrorBoundary';
import { modelsPage } from './models/models-page';

type SceneFactory = () => SceneApp;

const factories = new Map<string, SceneFactory>();

/** What has been asked of the collector lives as long as the app is loaded, like the scenes. */
const queryClient = createQueryClient();

const RunbooksPage = lazy(() => import(/* webpackChunkName: "runbooks" */ './runbooks/RunbooksPage'));

/** Scenes caches an app by the function that makes it, so each data source needs one function that stays the same. */
function sceneFactory(prometheusUid: string): SceneFactory {
  const known = factories.get(prometheusUid);
  if (known) {
    return known;
  }
  const factory = () =>
    new SceneApp({
      name: 'plumbline-models-app',
      pages: [modelsPage(prometheusUid)],
      urlSyncOptions: { updateUrlOnInit: true, createBrowserHistorySteps: true },
    });
  factories.set(prometheusUid, factory);
  return factory;
}

/** The whole app below `/a/plumbline-models-app`. An address it does not know leads to the models. */
export default function App({ meta }: AppRootProps<AppSettings>) {
  const scene = useSceneApp(sceneFactory(prometheusUidOf(meta.jsonData)));
  return (
    <AppErrorBoundary>
      <QueryClientProvider client={queryClient}>
        <Page scene={scene} />
      </QueryClientProvider>
    </AppErrorBoundary>
  );
}

function Page({ scene }: { scene: SceneApp }) {
  const { pathname } = useLocation();
  const runbook = matchPath(`${RUNBOOKS_URL}/:rule?`, pathname);
  if (runbook) {
    return <RunbooksPage rule={runbook.params.rule} />;
  }
  const known = matchPath(`${MODELS_URL}/*`, pathname) !== null;
  return known ? <scene.Component model={scene} /> : <Navigate replace to={MODELS_URL} />;
}
