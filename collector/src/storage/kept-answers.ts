/** Answers kept in the database under their `Idempotency-Key`, so that any replica can give them again. */
import type { KeptAnswers, KeyState, RepeatedRequest } from '../audit/repeated-request.ts';
import type { Database, Writing } from './database.ts';
import { reading, transact } from './transact.ts';

/** The port, and the house-keeping of its table. */
export interface KeptAnswerStore extends KeptAnswers {
  /** Forgets keys first used before this time, epoch ms. */
  forget(before: number): Promise<void>;
}

/** Makes the store. @param now epoch ms */
export function createKeptAnswers({ db, engine }: Database, now: () => number): KeptAnswerStore {
  return {
    claim: (request) => transact(db, (writing) => claim(writing, request, engine.name === 'postgres', now())),
    keep: async ({ scope }, { status, body }) => {
      await reading(db.updateTable('idempotency').set({ status, body }).where('scope', '=', scope).execute());
    },
    release: async ({ scope }) => {
      await reading(db.deleteFrom('idempotency').where('scope', '=', scope).where('status', 'is', null).execute());
    },
    forget: async (before) => {
      await reading(db.deleteFrom('idempotency').where('created_at', '<', before).execute());
    },
  };
}

/** The first to insert the key holds it; whoever comes at the same moment waits for that insert and then finds the row. */
async function claim(writing: Writing, request: RepeatedRequest, lock: boolean, now: number): Promise<KeyState> {
  const { scope, requestHash, patience } = request;
  const row = { scope, request_hash: requestHash, status: null, body: null, created_at: now };
  const insert = writing.insertInto('idempotency').values(row);
  const { numInsertedOrUpdatedRows: inserted } = await insert
    .onConflict((conflict) => conflict.column('scope').doNothing())
    .executeTakeFirstOrThrow();
  if (inserted === 1n) return { kind: 'new' };
  const query = writing.selectFrom('idempotency').selectAll().where('scope', '=', scope);
  const known = await query.$if(lock, (locked) => locked.forUpdate()).executeTakeFirst();
  if (known && known.request_hash !== requestHash) return { kind: 'other' };
  if (known && known.status !== null)
    return { kind: 'answered', answer: { status: known.status, body: known.body ?? '' } };
  if (known && now - known.created_at < patience) return { kind: 'busy' };
  // The process that held it is gone: its request is made anew.
  await writing.updateTable('idempotency').set({ created_at: now }).where('scope', '=', scope).execute();
  return known ? { kind: 'new' } : { kind: 'busy' };
}
