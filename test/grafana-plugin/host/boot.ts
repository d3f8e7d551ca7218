import { scenario } from './scenario';

// Grafana's server writes this into the page; @grafana/runtime reads it when it is first imported.
window.grafanaBootData = {
  settings: {
    buildInfo: { version: '12.4.0', commit: 'host', env: 'test' },
    appSubUrl: '',
    featureToggles: {},
    minRefreshInterval: '5s',
  },
  user: {
    orgRole: scenario.role,
    theme: scenario.theme,
    isSignedIn: true,
    orgId: 1,
    timezone: 'utc',
    language: 'en-US',
  },
  navTree: [],
};

// Grafana's session cookie tells its server who asks; here the role is enough.
document.cookie = `plumbline_role=${scenario.role}; path=/`;
