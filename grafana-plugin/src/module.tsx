import { AppPlugin } from '@grafana/data';
import { lazy } from 'react';
import type { AppSettings } from './settings';

/** The pages and the libraries they need come in a chunk of their own, once somebody opens the app. */
const LazyApp = lazy(async () => {
  const { loadTranslations } = await import(/* webpackChunkName: "app" */ './translations');
  await loadTranslations();
  return import(/* webpackChunkName: "app" */ './pages/App');
});

export const plugin = new AppPlugin<AppSettings>().setRootPage(LazyApp);
