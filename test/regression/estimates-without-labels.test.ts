/** Scores without a single label: the estimate of ROC-AUC had n NaN, which JSON makes null. */
import { TestCore } from '../collector/support/core.ts';

test('every estimate has a number of rows, and what JSON makes of the report is the report', () => {
  const { core } = new TestCore({ classes: ['no', 'yes'], positiveClass: 'yes' });
  for (const score of [0.2, 0.7, 0.9]) core.recordPrediction({ prediction: score > 0.5 ? 'yes' : 'no', score });
  const report = core.performance();
  expect(report.estimated?.roc_auc).toMatchObject({ n: 3, value: expect.any(Number) });
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
});
