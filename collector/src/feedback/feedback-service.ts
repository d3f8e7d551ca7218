/** Feedback: taken in, listed, reviewed. What is accepted becomes a label on the road of all labels. */
import { auditEntry } from '../registry/audit-entries.ts';
import { storableText } from '../audit/audit-event.ts';
import { PlumblineError } from '../errors.ts';
import { namedRows, unknownModel } from '../labels/batch-versions.ts';
import { CheckedBatch } from '../labels/checked-batch.ts';
import type { DeclaredModel } from '../labels/declared-model.ts';
import type { IngestDesk } from '../labels/desk.ts';
import type { Ingest, IngestResult } from '../labels/ingest.ts';
import { RowFault } from '../labels/row-faults.ts';
import { storedValue } from '../labels/row-fields.ts';
import type { TaskName } from '../monitor/options.ts';
import type { Act, Page, Registry } from '../registry/model-version.ts';
import { checkFeedback, type CheckedFeedback } from './check-feedback.ts';
import { exportExamples } from './examples/export.ts';
import type { FeedbackFate } from './decide-feedback.ts';
import type { Feedback, FeedbackItem, Review } from './feedback.ts';
import type { FeedbackStore, StoredFeedback } from './feedback-store.ts';
import { feedbackItem } from './feedback-item.ts';
import { judgeReview, type JudgedReview } from './judge-review.ts';
import { findPatterns } from './patterns/find-patterns.ts';

/** What feedback needs of the world around it. */
export interface FeedbackEnvironment {
  readonly store: FeedbackStore;
  /** Labels go this way. */
  readonly ingest: Pick<Ingest, 'labels'>;
  readonly desk: IngestDesk;
  readonly registry: Pick<Registry, 'model'>;
  /** Epoch ms. */
  readonly now: () => number;
  /** Lets others have a turn. */
  readonly pause: () => Promise<void>;
}

/** Puts feedback together. */
export function createFeedback(environment: FeedbackEnvironment): Feedback {
  const { registry } = environment;
  return {
    take: (rows) => take(environment, rows),
    list: (model, query) => list(environment, model, query),
    review: (model, id, review, act) => reviewItem(environment, model, id, review, act),
    patterns: async (query) => {
      const { task = 'classification', classes = [], features = {} } = await registry.model(query.model);
      return findPatterns(environment, query, { task, classes, features });
    },
    exportExamples: (request, act) => exportExamples(environment, request, act),
  };
}

const ROWS_PER_COMMIT = 1_000;

const CONTRADICTION = new RowFault(
  'contradictory_feedback',
  'correctedLabel: a prediction that was right has no other label, and one that was wrong not the one that was predicted.',
);

async function take(environment: FeedbackEnvironment, rows: readonly unknown[]): Promise<IngestResult> {
  const { desk, now } = environment;
  const arrived = now();
  const batch = new CheckedBatch<CheckedFeedback>();
  const named = namedRows(rows, batch, false);
  const versions = await desk.live(new Set(named.map(({ model }) => model)));
  for (const { index, fields, model } of named) {
    const version = versions.get(model);
    const code = batch.check(index, () =>
      checkFeedback(fields, { version: version ?? unknownModel(model), now: arrived, desk }),
    );
    if (code !== undefined && version) desk.rejected(version, code);
  }
  const fates = await commitAll(environment, batch.rows, arrived);
  fates.forEach((fate, place) => {
    if (fate === 'contradiction') desk.rejected((batch.rows[place] as CheckedFeedback).version, CONTRADICTION.code);
  });
  return batch.result((place) => fates[place] !== 'contradiction', CONTRADICTION);
}

/** Some at a time, so that nobody waits for a large batch; one that is cut off is sent again, and what is there counts once. */
async function commitAll(
  { store, desk, pause }: FeedbackEnvironment,
  rows: readonly CheckedFeedback[],
  arrived: number,
): Promise<FeedbackFate[]> {
  const all: FeedbackFate[] = [];
  for (let from = 0; from < rows.length; from += ROWS_PER_COMMIT) {
    const { fates, events } = await store.commit(rows.slice(from, from + ROWS_PER_COMMIT), arrived);
    await desk.countFeedback(events);
    for (const fate of fates) all.push(fate);
    await pause();
  }
  return all;
}

async function list(
  { store, registry }: FeedbackEnvironment,
  model: string,
  query: Parameters<Feedback['list']>[1],
): Promise<Page<FeedbackItem>> {
  const task = taskOf(await registry.model(model));
  const { items, next } = await store.list(model, query);
  return { items: items.map((item) => feedbackItem(item, model, task)), next };
}

/**
 * The label first, then the mark: a crash in between leaves an item that is pending and a label that is there, and the same decision again
 * finds a duplicate.
 */
async function reviewItem(
  environment: FeedbackEnvironment,
  model: string,
  id: string,
  review: Review,
  act: Act,
): Promise<FeedbackItem> {
  const { store, registry } = environment;
  const task = taskOf(await registry.model(model));
  const item = await found(store, model, id);
  const judged = judgeReview(item, review, task);
  if (judged.isSame) return feedbackItem(item, model, task);
  if (judged.label !== null) await sendLabel(environment, { model, item, task, label: judged.label });
  const isMarked = await store.mark({
    ...{ id, revision: item.revision, status: judged.status, label: judged.label, at: environment.now() },
    ...{ place: judged.status === 'accepted' ? item.place : null, reviewer: act.actor },
    reason: review.reason === undefined ? null : storableText(review.reason),
    audit: entryOf(model, item, judged, review, act),
  });
  const standing = await found(store, model, id);
  if (isMarked) return feedbackItem(standing, model, task);
  // Somebody else decided meanwhile, and that decision stands: so does its label, which ours may have come after.
  if (standing.label !== null) await sendLabel(environment, { model, item: standing, task, label: standing.label });
  throw overtaken();
}

interface LabelToSend {
  readonly model: string;
  readonly item: StoredFeedback;
  readonly task: TaskName;
  readonly label: string;
}

async function sendLabel({ ingest }: FeedbackEnvironment, { model, item, task, label }: LabelToSend): Promise<void> {
  const row = { model, id: item.predictionId, label: storedValue(label, task) };
  const { rejected } = await ingest.labels([row]);
  const [fault] = rejected;
  if (fault)
    throw new PlumblineError('invalid_request', fault.message, 'Send the decision with another correctedLabel.');
}

/** The log is read by more people than the queue: neither what users wrote nor the id of their prediction stands in it. */
function entryOf(model: string, item: StoredFeedback, judged: JudgedReview, { reason }: Review, act: Act) {
  return auditEntry('feedback.reviewed', act, {
    ...{ model, subject: item.id, ...(reason !== undefined && { reason }) },
    evidence: { version: item.version, prediction: item.prediction, correct: item.correct },
    before: { status: item.status, label: item.label },
    after: { status: judged.status, label: judged.label },
  });
}

async function found(store: FeedbackStore, model: string, id: string): Promise<StoredFeedback> {
  const item = await store.find(model, id);
  if (item) return item;
  const help = `Items are listed at /v1/models/${model}/feedback; retention removes old ones.`;
  throw new PlumblineError('not_found', `Model "${model}" has no feedback of this id.`, help);
}

function taskOf({ task = 'classification' }: DeclaredModel): TaskName {
  return task;
}

function overtaken(): PlumblineError {
  const message = 'The item was changed while it was reviewed.';
  return new PlumblineError('conflict', message, 'Read it again and decide on what it says now.');
}
