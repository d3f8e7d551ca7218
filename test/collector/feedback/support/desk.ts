/** Feedback over a real store, with ingest, registry and audit beside it, on the clock of its replica. */
import { createExampleSource } from '../../../../collector/src/feedback/examples/example-reader.ts';
import type { Feedback, FeedbackItem } from '../../../../collector/src/feedback/feedback.ts';
import type { FeedbackStore } from '../../../../collector/src/feedback/feedback-store.ts';
import { createFeedback } from '../../../../collector/src/feedback/feedback-service.ts';
import type { ExampleSource, TrainingExample } from '../../../../collector/src/feedback/training-example.ts';
import type { AuditRecord } from '../../../../collector/src/audit/audit-event.ts';
import type { Act } from '../../../../collector/src/registry/model-version.ts';
import { createAuditReader } from '../../../../collector/src/storage/audit-log.ts';
import type { Database } from '../../../../collector/src/storage/database.ts';
import { createFeedbackStore } from '../../../../collector/src/storage/feedback/feedback-store.ts';
import { createRegistryStore } from '../../../../collector/src/storage/registry-store.ts';
import { PlumblineError } from '../../../../collector/src/errors.ts';
import { Replica, START } from '../../labels/support/replica.ts';

export const ACT: Act = { actor: { name: 'anna', role: 'Editor', verified: true, token: 't1' }, requestId: 'r1' };

export class FeedbackDesk {
  readonly replica: Replica;
  readonly store: FeedbackStore;
  readonly feedback: Feedback;
  readonly source: ExampleSource;
  readonly #database: Database;

  /** @param change what the store is to do otherwise */
  constructor(database: Database, name = 'a', change: (store: FeedbackStore) => FeedbackStore = (store) => store) {
    this.#database = database;
    this.replica = new Replica(database, { name, stripe: name.charCodeAt(0) % 16 });
    this.store = change(createFeedbackStore(database));
    const registry = {
      model: async (model: string) => {
        const found = await createRegistryStore(database).model(model);
        if (found) return found;
        throw new PlumblineError('not_found', `There is no model "${model}".`, 'Look.');
      },
    };
    const { service } = this.replica;
    const now = () => this.replica.now;
    const pause = () => new Promise<void>((resolve) => setImmediate(resolve));
    this.feedback = createFeedback({ store: this.store, ingest: service, desk: service.desk, registry, now, pause });
    this.source = createExampleSource({ store: this.store, desk: service.desk, registry, pause });
  }

  /** Takes predictions of the version 1 (or another) with these ids. */
  async predict(ids: readonly string[], more: (at: number) => object = () => ({})): Promise<void> {
    const rows = ids.map((id, at) => ({
      ...{ model: 'churn', version: '1', id, prediction: 'yes', features: { x: at }, timestamp: START },
      ...more(at),
    }));
    await this.replica.service.predictions(rows);
  }

  take(rows: readonly object[]) {
    return this.feedback.take(rows.map((row) => ({ model: 'churn', ...row })));
  }

  async items(query: Partial<Parameters<Feedback['list']>[1]> = {}): Promise<readonly FeedbackItem[]> {
    return (await this.feedback.list('churn', { order: 'oldest', limit: 100, ...query })).items;
  }

  review(id: string, review: Parameters<Feedback['review']>[2]): Promise<FeedbackItem> {
    return this.feedback.review('churn', id, review, ACT);
  }

  async examples(query: Partial<Parameters<ExampleSource['examples']>[0]> = {}): Promise<TrainingExample[]> {
    const found: TrainingExample[] = [];
    for await (const example of this.source.examples({ model: 'churn', source: 'all', ...query })) found.push(example);
    return found;
  }

  /** Newest first. */
  async audited(): Promise<readonly AuditRecord[]> {
    return (await createAuditReader(this.#database).list({ limit: 500 })).items;
  }

  /** Items counted, taken back ones subtracted. */
  counted(version = '1'): readonly [correct: number, incorrect: number] {
    const net = (verdict: string) =>
      (this.replica.value('feedback', { version, verdict }) ?? 0) -
      (this.replica.value('feedbackRevoked', { version, verdict }) ?? 0);
    return [net('correct'), net('incorrect')];
  }
}
