/**
 * Was: `'0.5' >= 0` is true, so a score given as text passed the check and was added to the histogram's sum as text. The sum
 * became "00.5", and every later score was appended to it.
 */
import type { PredictionRow } from '../../collector/src/prediction.ts';
import { TestCore, untyped } from '../collector/support/core.ts';

test('a score given as text is rejected, and later scores add up', () => {
  const monitor = new TestCore();
  for (const score of [0.25, '0.5', 0.5])
    monitor.core.recordPrediction(untyped<PredictionRow>({ prediction: 'a', score }));
  expect(monitor.histogram('score')).toEqual({ count: 2, sum: 0.75 });
  expect(monitor.counted('rejected')).toEqual({ invalid_score: 1 });
});
