/** Before the first label the estimated ROC-AUC had NaN for its n, which JSON makes null: the demo's report then failed on Ctrl-C. */
import { createMonitor, MonitorMetricProducer } from '../../collector/src/index.ts';

test('a monitor without a label estimates, and every number it tells is one', async () => {
  const monitor = createMonitor({
    ...{ model: 'churn', version: '1', classes: ['stays', 'leaves'], positiveClass: 'leaves' },
    producer: new MonitorMetricProducer(),
  });
  for (const score of [0.2, 0.7, 0.9])
    monitor.recordPrediction({ prediction: score < 0.5 ? 'stays' : 'leaves', score });
  const report = await monitor.performance();
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  expect(report.estimated).toMatchObject({ roc_auc: { n: 3, value: expect.any(Number) } });
  await monitor.close();
});
