import { prometheusUidOf } from '../../grafana-plugin/src/settings';

test.each([
  [undefined, 'plumbline-prometheus'],
  [{}, 'plumbline-prometheus'],
  [{ prometheusUid: ' ' }, 'plumbline-prometheus'],
  [{ prometheusUid: 'mimir', collectorUrl: 'http://localhost:8080' }, 'mimir'],
])('settings %j read from %s', (settings, uid) => {
  expect(prometheusUidOf(settings)).toBe(uid);
});
