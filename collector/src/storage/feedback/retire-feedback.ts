/** Removes feedback that a model's retention does not keep any more, a few items at a time. */
import { labelPolicyOf } from '../../labels/label-policy.ts';
import type { Queryable } from '../database.ts';

/** Items removed in one step: a few milliseconds, in which nobody else can write to SQLite. */
const STEP = 500;

/** It is kept as long as the predictions it speaks of, counted from when it arrived. @param now epoch ms */
export async function retireFeedback(db: Queryable, now: number): Promise<void> {
  const models = await db.selectFrom('models').select(['id', 'policy']).orderBy('id').execute();
  for (const { id, policy } of models) {
    const before = now - labelPolicyOf(policy).retention;
    while ((await retireStep(db, id, before)) === STEP);
  }
}

async function retireStep(db: Queryable, modelId: number, before: number): Promise<number> {
  const old = db
    .selectFrom('feedback')
    .select('seq')
    .where('model_id', '=', modelId)
    .where('arrived', '<', before)
    .orderBy('seq')
    .limit(STEP);
  const { numDeletedRows } = await db.deleteFrom('feedback').where('seq', 'in', old).executeTakeFirst();
  return Number(numDeletedRows);
}
