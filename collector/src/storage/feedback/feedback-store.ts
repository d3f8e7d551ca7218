/** The store of feedback on either engine. */
import type { FeedbackStore } from '../../feedback/feedback-store.ts';
import { appendAudit } from '../audit-log.ts';
import type { Database } from '../database.ts';
import { reading, transact } from '../transact.ts';
import { findFeedback, listFeedback, modelId } from './find-feedback.ts';
import { acceptedCount, acceptedOf, judgedPredictions, predictionsOf } from './read-examples.ts';
import { retireFeedback } from './retire-feedback.ts';
import { commitFeedback, markFeedback } from './write-feedback.ts';

/** Makes the store over an open, migrated database. */
export function createFeedbackStore(database: Database): FeedbackStore {
  const { db, engine } = database;
  return {
    commit: (rows, now) => commitFeedback(database, rows, now),
    list: (model, query) => reading(listFeedback(db, model, query)),
    find: (model, id) => reading(findFeedback(db, model, id)),
    mark: (mark) => markFeedback(database, mark),
    accepted: (model, since) => reading(acceptedCount(db, model, since)),
    judged: (query, before, limit) => reading(judgedPredictions(db, query, before, limit)),
    retire: (now) => reading(retireFeedback(db, now)),
    audit: (entry, at) => transact(db, async (writing) => void (await appendAudit(writing, engine.name, entry, at))),
    versionIds: async (model) => {
      const versions = db.selectFrom('versions').select('id').where('model_id', '=', modelId(model)).orderBy('id');
      return (await reading(versions.execute())).map(({ id }) => id);
    },
    predictionsOf: (versionId, query) => reading(predictionsOf(db, versionId, query)),
    acceptedOf: (model, query) => reading(acceptedOf(db, model, query)),
  };
}
