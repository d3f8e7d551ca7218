/** Writes batches of feedback, and decisions on it. */
import type { Insertable } from 'kysely';
import type { CheckedFeedback } from '../../feedback/check-feedback.ts';
import { decideFeedback, verdictOf, type FeedbackFate } from '../../feedback/decide-feedback.ts';
import type { FeedbackMark, FeedbackOutcome } from '../../feedback/feedback-store.ts';
import type { FeedbackEvent } from '../../labels/desk.ts';
import { appendAudit } from '../audit-log.ts';
import type { Database, Writing } from '../database.ts';
import type { FeedbackTables } from '../tables/feedback.ts';
import { transact } from '../transact.ts';
import { foundItems, foundPredictions, type FoundItem, type FoundPrediction } from './find-feedback.ts';

type FeedbackRow = Insertable<FeedbackTables['feedback']>;
type EngineName = Database['engine']['name'];

/** Rows of one statement: SQLite takes 32,766 parameters at most. */
const ROWS_PER_STATEMENT = 200;

/** One transaction. @param now epoch ms */
export function commitFeedback(
  { db, engine }: Database,
  rows: readonly CheckedFeedback[],
  now: number,
): Promise<FeedbackOutcome> {
  if (rows.length === 0) return Promise.resolve({ fates: [], events: [] });
  return transact(db, async (writing) => {
    await lockModels(writing, engine.name, rows);
    const predictions = await foundPredictions(writing, rows);
    const batch = new Batch(predictions, await foundItems(writing, rows), now);
    const fates = rows.map((row) => batch.take(row));
    await insert(writing, batch.made());
    for (const { key, ...change } of batch.changed())
      await writing
        .updateTable('feedback')
        .set((item) => ({ ...change, revision: item('revision', '+', 1) }))
        .where('key', '=', key)
        .execute();
    return { fates, events: batch.events };
  });
}

/** Writes a decision. @returns false when the item has changed since it was read, or is gone */
export function markFeedback({ db, engine }: Database, mark: FeedbackMark): Promise<boolean> {
  const { id, revision, status, label, place, reviewer, reason, at, audit } = mark;
  return transact(db, async (writing) => {
    const marked = await writing
      .updateTable('feedback')
      .set({
        ...{ status, label, reason, reviewed_at: at, reviewer: JSON.stringify(reviewer), revision: revision + 1 },
        ...{ prediction_arrived: place?.arrived ?? null, prediction_seq: place?.seq ?? null },
      })
      .where('key', '=', id)
      .where('revision', '=', revision)
      .returning('seq')
      .executeTakeFirst();
    if (marked === undefined) return false;
    await appendAudit(writing, engine.name, audit, at);
    return true;
  });
}

/** What two replicas write of one model they write one after the other, so that an item is made, and counted, once. */
async function lockModels(writing: Writing, engine: EngineName, rows: readonly CheckedFeedback[]): Promise<void> {
  if (engine !== 'postgres') return;
  const ids = [...new Set(rows.map(({ version }) => version.modelId))];
  await writing.selectFrom('models').select('id').where('id', 'in', ids).orderBy('id').forNoKeyUpdate().execute();
}

/** Goes through the rows of a batch one after the other, items that occur twice in it included. */
class Batch {
  readonly events: FeedbackEvent[] = [];
  readonly #predictions: ReadonlyMap<string, FoundPrediction>;
  readonly #items: Map<string, FoundItem>;
  readonly #now: number;
  readonly #made = new Map<string, FeedbackRow>();
  readonly #changed = new Map<string, ReturnType<typeof contentOf> & { readonly key: string }>();

  constructor(predictions: ReadonlyMap<string, FoundPrediction>, items: Map<string, FoundItem>, now: number) {
    this.#predictions = predictions;
    this.#items = items;
    this.#now = now;
  }

  take(row: CheckedFeedback): FeedbackFate {
    const prediction = this.#predictions.get(hexOf(row.predictionKey));
    const kept = this.#items.get(row.id);
    const fate = decideFeedback(row, row.version.declaration.task ?? 'classification', prediction?.prediction, kept);
    if (fate !== 'stored' && fate !== 'replaced') return fate;
    const versionId = kept?.versionId ?? prediction?.versionId ?? row.version.versionId;
    this.#count(versionId, row, kept);
    const { correct, digest, time } = row;
    this.#items.set(row.id, { correct, digest, time, versionId });
    const made = this.#made.get(row.id);
    if (!kept) this.#made.set(row.id, rowOf(row, versionId, this.#now));
    else if (made) this.#made.set(row.id, { ...made, ...contentOf(row, this.#now) });
    else this.#changed.set(row.id, { key: row.id, ...contentOf(row, this.#now) });
    return fate;
  }

  made(): FeedbackRow[] {
    return [...this.#made.values()];
  }

  /** In the order of their keys. */
  changed() {
    return [...this.#changed.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  #count(versionId: number, row: CheckedFeedback, kept: FoundItem | undefined): void {
    if (kept?.correct === row.correct) return;
    if (kept) this.events.push({ versionId, verdict: verdictOf(kept), count: -1 });
    this.events.push({ versionId, verdict: verdictOf(row), count: 1 });
  }
}

function rowOf(row: CheckedFeedback, versionId: number, now: number): FeedbackRow {
  return {
    ...{ key: row.id, model_id: row.version.modelId, version_id: versionId },
    ...{ id_key: row.predictionKey, prediction_id: row.predictionId, identifier: row.identifier, revision: 0 },
    ...contentOf(row, now),
  };
}

/** What another row of the same name changes; whatever was decided of the one before is not decided of this one. */
function contentOf(row: CheckedFeedback, now: number) {
  const { digest, correct, correctedLabel, input, explanation, annotator, score, time } = row;
  return {
    ...{ digest, correct: Number(correct), corrected_label: correctedLabel, input, explanation, score },
    ...{ annotator_kind: annotator?.kind ?? null, annotator_name: annotator?.name ?? null, time, arrived: now },
    ...{ status: 'pending', label: null, prediction_arrived: null, prediction_seq: null },
    ...{ reviewed_at: null, reviewer: null, reason: null },
  };
}

async function insert(writing: Writing, rows: readonly FeedbackRow[]): Promise<void> {
  for (let from = 0; from < rows.length; from += ROWS_PER_STATEMENT)
    await writing
      .insertInto('feedback')
      .values(rows.slice(from, from + ROWS_PER_STATEMENT))
      .execute();
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
