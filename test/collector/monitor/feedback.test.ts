/** Feedback without a service: it is counted. */
import { TestCore, untyped } from '../support/core.ts';

test('is counted by verdict, both from the start', () => {
  const made = new TestCore();
  expect([made.value('feedback', { verdict: 'correct' }), made.value('feedback', { verdict: 'incorrect' })]).toEqual([
    0, 0,
  ]);
  made.core.recordFeedback({ id: 'p', correct: true });
  made.core.recordFeedback({ id: 'q', correct: false, correctedLabel: 'b', annotator: 'model' });
  made.core.recordFeedback({ id: 'r', correct: false });
  expect([made.value('feedback', { verdict: 'correct' }), made.value('feedback', { verdict: 'incorrect' })]).toEqual([
    1, 2,
  ]);
  expect(made.counted('rejected')).toEqual({});
});

test('a corrected label is no label: nobody has accepted it', () => {
  const made = new TestCore();
  const id = made.core.recordPrediction({ prediction: 'a' });
  made.core.recordFeedback({ id, correct: false, correctedLabel: 'b' });
  expect(made.counted('labels')).toEqual({});
});

test('what cannot be used is counted and not thrown; after close it is dropped', () => {
  const made = new TestCore();
  for (const row of [{ id: 'p' }, { correct: true }, { id: 'p', correct: true, score: 'high' }])
    made.core.recordFeedback(untyped(row));
  made.core.recordFeedback(untyped(null));
  made.core.close();
  made.core.recordFeedback({ id: 'p', correct: true });
  expect(made.counted('rejected')).toEqual({ invalid_feedback: 3 });
  expect(made.counted('errors')).toEqual({ recording_failed: 1 });
  expect(made.counted('dropped')).toEqual({ closed: 1 });
  expect(made.value('feedback', { verdict: 'correct' })).toBe(0);
});
