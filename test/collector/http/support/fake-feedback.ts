/** Feedback behind the HTTP edge, answering from memory. */
import type { Feedback, FeedbackItem } from '../../../../collector/src/feedback/feedback.ts';
import { PlumblineError } from '../../../../collector/src/errors.ts';
import { found, pageOf, type Call, type FakeIngest } from './fakes.ts';

const FEEDBACK: FeedbackItem = {
  ...{ id: 'a'.repeat(32), model: 'churn', predictionId: 'p1', version: '2', prediction: 'a', correct: false },
  ...{ correctedLabel: 'b', input: { age: 41 }, explanation: 'too old', annotator: { kind: 'human', name: 'ada' } },
  ...{ score: 1, identifier: null, timestamp: '2026-01-02T00:00:00.000Z', receivedAt: '2026-01-02T00:00:00.000Z' },
  ...{ status: 'pending', label: null, review: null },
};

const TESTED = { n: 20, errors: 10, rate: 0.5, lift: 2, p_value: 0.001, p_adjusted: 0.01, significant: true };

export function fakeFeedback(calls: Call[], take: FakeIngest): Feedback {
  const note = (name: string, ...args: unknown[]) => void calls.push({ name, args });
  return {
    take: (rows) => take.labels(rows),
    list: async (model, query) => {
      note('feedback', model, query);
      const ids = ['c', 'b', 'a'].map((digit) => digit.repeat(32));
      return found(
        model,
        pageOf(
          ids.map((id) => ({ ...FEEDBACK, id, model })),
          ({ id }) => id,
          query,
        ),
      );
    },
    review: async (model, id, review, made) => {
      note('review', model, id, review, made);
      const decided = { at: FEEDBACK.timestamp, actor: made.actor, reason: review.reason ?? null };
      return found(model, { ...FEEDBACK, id, model, status: review.decision, label: 'b', review: decided });
    },
    patterns: async (query) => {
      note('patterns', query);
      return {
        ...{ model: query.model, version: null, from: null, to: null, truncated: false, n: 100, errors: 25 },
        ...{ verdict: 'tested', alpha: 0.05, tests: 4, confusions: [{ predicted: 'a', actual: 'b', n: 9, share: 1 }] },
        ...{ classes: [{ class: 'a', ...TESTED }], segments: [{ segment: 'web', ...TESTED }] },
        features: [
          { feature: 'age', above: null, upTo: 40, ...TESTED },
          { feature: 'plan', category: 'gold', ...TESTED },
        ],
        words: { n: 80, items: [{ word: 'wrong', ...TESTED }] },
      };
    },
    exportExamples: async (request, made) => {
      note('export', request, made);
      if (request.minCount === 1_000)
        throw new PlumblineError('too_little_feedback', 'There are 3 of 1,000.', 'Ask for fewer.', {
          details: { accepted: 3, minCount: 1_000 },
        });
      async function* text() {
        yield '{"id":"p1"}\n';
        yield '{"id":"p2"}\n';
      }
      return { contentType: 'application/x-ndjson; charset=utf-8', fileName: 'churn.jsonl', text: text() };
    },
  };
}
