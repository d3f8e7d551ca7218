import './boot';
import { type AppPlugin, createTheme, ThemeContext } from '@grafana/data';
import { GlobalStyles } from '@grafana/ui';
import React, { Suspense } from 'react';
import { createRoot } from 'react-dom/client';
import { Route, Routes } from 'react-router';
import { HistoryRouter } from './HistoryRouter';
import { loadPlugin } from './load-plugin';
import { scenario } from './scenario';
import { installServices } from './services';

function Host({ plugin }: { plugin: AppPlugin }) {
  const Root = plugin.root;
  if (!Root) {
    throw new Error('the plugin has no root page');
  }
  const meta = { ...plugin.meta, jsonData: {} };
  return (
    <ThemeContext.Provider value={createTheme({ colors: { mode: scenario.theme } })}>
      <GlobalStyles />
      <HistoryRouter>
        <Suspense fallback={<p>Loading the app</p>}>
          <Routes>
            <Route
              path="/a/plumbline-models-app/*"
              element={
                <Root meta={meta} basename="/a/plumbline-models-app" query={{}} path="" onNavChanged={() => {}} />
              }
            />
            <Route path="/plugins/plumbline-models-app" element={<ConfigPage plugin={plugin} />} />
          </Routes>
        </Suspense>
      </HistoryRouter>
    </ThemeContext.Provider>
  );
}

/** Grafana's page of the plugin, with the tab of its configuration open. */
function ConfigPage({ plugin }: { plugin: AppPlugin }) {
  const Body = plugin.configPages?.[0]?.body;
  if (!Body) {
    throw new Error('the plugin has no configuration page');
  }
  const meta = {
    ...plugin.meta,
    enabled: true,
    pinned: true,
    jsonData: { collectorUrl: 'http://collector:8080' },
    secureJsonFields: { readToken: true, operateToken: true, adminToken: true },
  };
  return <Body plugin={Object.assign(plugin, { meta })} query={{}} />;
}

async function start(): Promise<void> {
  installServices();
  const plugin = await loadPlugin();
  const element = document.getElementById('root');
  if (!element) {
    throw new Error('the page has no #root');
  }
  createRoot(element).render(<Host plugin={plugin} />);
}

void start();
