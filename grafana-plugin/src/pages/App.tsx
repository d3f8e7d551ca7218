import type { AppRootProps } from '@grafana/data';
import { SceneApp, useSceneApp } from '@grafana/scenes';
import React from 'react';
import { matchPath, Navigate, useLocation } from 'react-router-dom';
import { MODELS_URL } from '../routing';
import { type AppSettings, prometheusUidOf } from '../settings';
import { AppErrorBoundary } from './AppErrorBoundary';
import { modelsPage } from './models/models-page';

type SceneFactory = () => SceneApp;

const factories = new Map<string, SceneFactory>();

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
  const { pathname } = useLocation();
  const known = matchPath(`${MODELS_URL}/*`, pathname) !== null;
  return (
    <AppErrorBoundary>
      {known ? <scene.Component model={scene} /> : <Navigate replace to={MODELS_URL} />}
    </AppErrorBoundary>
  );
}
