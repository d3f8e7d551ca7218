import { locationService, LocationServiceProvider } from '@grafana/runtime';
import React, { type ReactNode, useLayoutEffect, useState } from 'react';
import { Router } from 'react-router';

/** Grafana 12.4 runs react-router 6 on a history of version 4; the way paths are decoded depends on it. */
export function HistoryRouter({ children }: { children: ReactNode }) {
  const history = locationService.getHistory();
  const [location, setLocation] = useState(history.location);
  useLayoutEffect(() => history.listen(setLocation), [history]);
  return (
    <LocationServiceProvider service={locationService}>
      <Router location={location} navigator={history}>
        {children}
      </Router>
    </LocationServiceProvider>
  );
}
