import './boot';
import { type AppPlugin, createTheme, ThemeContext } from '@grafana/data';
import { locationService, LocationServiceProvider } from '@grafana/runtime';
import { GlobalStyles } from '@grafana/ui';
import React, { type ReactNode, Suspense, useLayoutEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { Route, Router, Routes } from 'react-router';
import { loadPlugin } from './load-plugin';
import { scenario } from './scenario';
import { installServices } from './services';

const history = locationService.getHistory();

/** Grafana 12.4 runs react-router 6 on a history of version 4; the way paths are decoded depends on it. */
function HistoryRouter({ children }: { children: ReactNode }) {
  const [location, setLocation] = useState(history.location);
  useLayoutEffect(() => history.listen(setLocation), []);
  return (
    <Router location={location} navigator={history}>
      {children}
    </Router>
  );
}

function Host({ plugin }: { plugin: AppPlugin }) {
  const Root = plugin.root;
  if (!Root) {
    throw new Error('the plugin has no root page');
  }
  const meta = { ...plugin.meta, jsonData: {} };
  return (
    <ThemeContext.Provider value={createTheme({ colors: { mode: scenario.theme } })}>
      <GlobalStyles />
      <LocationServiceProvider service={locationService}>
        <HistoryRouter>
          <Suspense fallback={<p>Loading the app</p>}>
            <Routes>
              <Route
                path="/a/plumbline-models-app/*"
                element={
                  <Root meta={meta} basename="/a/plumbline-models-app" query={{}} path="" onNavChanged={() => {}} />
                }
              />
            </Routes>
          </Suspense>
        </HistoryRouter>
      </LocationServiceProvider>
    </ThemeContext.Provider>
  );
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
