/** Two projects: the collector and everything around it in Node, the Grafana plugin in jsdom. */
export default {
  // Set here: jest ignores it in projects.
  testTimeout: 60_000,
  // On two cores all files run in one process; what esbuild and Chromium leave open must not keep a finished run alive.
  forceExit: true,
  reporters: ['default', '<rootDir>/test/support/count-reporter.cjs'],
  projects: ['<rootDir>/test/jest.node.config.mjs', '<rootDir>/grafana-plugin/jest.config.js'],
};
