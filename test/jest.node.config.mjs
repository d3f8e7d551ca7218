/** Sources are ES modules for Node 24; jest runs them as CommonJS made by swc (ES-only packages load through vm modules). */
export default {
  displayName: 'collector',
  rootDir: '..',
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/grafana-plugin/'],
  modulePathIgnorePatterns: ['<rootDir>/collector/dist', '<rootDir>/grafana-plugin/dist'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2023' },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
};
