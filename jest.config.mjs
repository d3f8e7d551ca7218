import { availableParallelism } from 'node:os';

/** Two projects: the collector and everything around it in Node, the Grafana plugin in jsdom. */
export default {
  // Set here: jest ignores it in projects.
  testTimeout: 60_000,
  // What esbuild and Chromium leave open must not keep a finished run alive.
  forceExit: true,
  // Left to itself jest takes one process less than there are cores, on two cores none beside its own; most tests wait for others half the time.
  maxWorkers: Math.min(Math.max(availableParallelism(), 2), 6),
  reporters: ['default', '<rootDir>/test/support/count-reporter.cjs'],
  projects: ['<rootDir>/test/jest.node.config.mjs', '<rootDir>/grafana-plugin/jest.config.js'],
};
