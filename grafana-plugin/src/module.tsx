import { type AppPluginMeta, AppPlugin, type PluginConfigPageProps } from '@grafana/data';
import { LoadingPlaceholder } from '@grafana/ui';
import React, { lazy, Suspense } from 'react';
import type { AppSettings } from './settings';

/** The pages and the libraries they need come in a chunk of their own, once somebody opens the app. */
const LazyApp = lazy(async () => {
  const { loadTranslations } = await import(/* webpackChunkName: "app" */ './translations');
  await loadTranslations();
  return import(/* webpackChunkName: "app" */ './pages/App');
});

/** The configuration page needs neither scenes nor panels. */
const LazyConfiguration = lazy(async () => {
  const { loadOwnTranslations } = await import(/* webpackChunkName: "configuration" */ './own-translations');
  await loadOwnTranslations();
  return import(/* webpackChunkName: "configuration" */ './pages/configuration/ConfigurationPage');
});

/** Grafana waits for the root page of an app by itself, not for its configuration. */
function Configuration(props: PluginConfigPageProps<AppPluginMeta<AppSettings>>) {
  return (
    <Suspense fallback={<LoadingPlaceholder text="" />}>
      <LazyConfiguration {...props} />
    </Suspense>
  );
}

export const plugin = new AppPlugin<AppSettings>().setRootPage(LazyApp).addConfigPage({
  title: 'Configuration',
  icon: 'cog',
  id: 'configuration',
  body: Configuration,
});
