/** The room of feedback, put together. */
import { createExampleSource } from './feedback/examples/example-reader.ts';
import { createFeedback, type FeedbackEnvironment } from './feedback/feedback-service.ts';
import type { ExampleSource, FeedbackCounts } from './feedback/training-example.ts';
import type { Database } from './storage/database.ts';
import { createFeedbackStore } from './storage/feedback/feedback-store.ts';

/** Makes it over an open database. */
export function openFeedback(database: Database, environment: Omit<FeedbackEnvironment, 'store'>) {
  const store = createFeedbackStore(database);
  const { desk, registry, now, pause } = environment;
  const examples: ExampleSource = createExampleSource({ store, desk, registry, pause });
  const counts: FeedbackCounts = { accepted: (model, since) => store.accepted(model, since) };
  return { feedback: createFeedback({ ...environment, store }), examples, counts, retire: () => store.retire(now()) };
}
