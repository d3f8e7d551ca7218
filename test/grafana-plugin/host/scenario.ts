/** What a browser test chooses before the page loads. */
export interface Scenario {
  theme: 'light' | 'dark';
  role: 'Viewer' | 'Editor' | 'Admin';
  /** What the Prometheus at the edge holds. */
  data: 'models' | 'unrecorded' | 'empty' | 'failing' | 'slow';
}

declare global {
  interface Window {
    plumblineScenario?: Partial<Scenario>;
    /** Set by the host, called by the page's own tests: lets a failing Prometheus recover. */
    setPlumblineData?: (data: Scenario['data']) => void;
    grafanaBootData?: { settings: object; user: object; navTree: unknown[] };
  }
}

/** The scenario of this page; what a test does not name is as most people have it. */
export const scenario: Scenario = { theme: 'dark', role: 'Viewer', data: 'models', ...window.plumblineScenario };

window.setPlumblineData = (data) => {
  scenario.data = data;
};
