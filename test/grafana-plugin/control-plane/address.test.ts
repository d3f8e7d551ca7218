import { isCollectorName, proxyAddress } from '../../../grafana-plugin/src/control-plane/address';

it('writes path and query; what is undefined is left out', () => {
  const path = ['models', 'churn', 'versions', 'compare'];
  expect(proxyAddress('read', path, { a: '1', b: 'x&y', cursor: undefined })).toBe(
    'api/plugin-proxy/plumbline-models-app/read/models/churn/versions/compare?a=1&b=x%26y',
  );
  expect(proxyAddress('admin', ['info'])).toBe('api/plugin-proxy/plumbline-models-app/admin/info');
});

it.each([
  ['churn', true],
  ['2026-11.rc_1', true],
  ['a'.repeat(128), true],
  ['a'.repeat(129), false],
  ['', false],
  ['.hidden', false],
  ['a..b', false],
  ['a/b', false],
  ['fraud eu', false],
])('%j may be a name of the collector: %s', (name, may) => {
  expect(isCollectorName(name)).toBe(may);
});
