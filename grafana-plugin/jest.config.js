// force timezone to UTC to allow tests to work regardless of local timezone
// generally used by snapshots, but can affect specific tests
process.env.TZ = 'UTC';

const scaffold = require('./.config/jest.config');

// The plugin's tests mirror it in the repository's test folder.
const TESTS = '<rootDir>/../test/grafana-plugin';

module.exports = {
  // Jest configuration provided by Grafana scaffolding
  ...scaffold,
  displayName: 'grafana-plugin',
  roots: ['<rootDir>/src', TESTS],
  testMatch: [`${TESTS}/**/*.test.{ts,tsx}`],
  modulePathIgnorePatterns: ['<rootDir>/dist'],
};
