/** When runs of a model were started. */
import type { RunHistory } from '../retraining/judge-start.ts';
import type { Queryable } from './database.ts';

/** What is known of a model's runs; one that was cancelled or cut off does not count. */
export async function historyOf(db: Queryable, modelId: number, since: number): Promise<RunHistory> {
  const rows = db.selectFrom('retraining_runs').where('model_id', '=', modelId);
  const running = await rows.select('run').where('ended_at', 'is', null).executeTakeFirst();
  const counting = rows.select('started_at').where('state', 'not in', ['cancelled', 'interrupted']);
  const starts = await counting.where('started_at', '>=', since).orderBy('started_at', 'desc').execute();
  const last = await counting.orderBy('started_at', 'desc').limit(1).executeTakeFirst();
  return {
    running: running?.run ?? null,
    lastStart: last?.started_at ?? null,
    starts: starts.map(({ started_at }) => started_at),
  };
}
