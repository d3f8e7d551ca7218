/** Rows of runs and what they mean. */
import type { Selectable } from 'kysely';
import type { Actor } from '../audit/audit-event.ts';
import type { Run, RunState, RunStep, RunSummary, TriggerName } from '../retraining/run.ts';
import { isoTime } from './registry-rows.ts';
import type { Schema } from './schema.ts';

/** A row of the table. */
export type RunRow = Selectable<Schema['retraining_runs']>;
/** A row without what is long. */
export type RunListRow = Omit<RunRow, 'steps' | 'log'>;

/** All columns of a run but its steps and its log. */
export const RUN_LIST_COLUMNS = [
  ...['seq', 'run', 'model_id', 'trigger', 'reason', 'actor', 'state', 'outcome', 'incumbent', 'version'],
  ...['policy_revision', 'owner', 'heartbeat', 'cancel_requested', 'callback_hash'],
  ...['started_at', 'updated_at', 'ended_at'],
].map((name) => `retraining_runs.${name}`) as `retraining_runs.${keyof RunListRow}`[];

/** A row as lists show it. */
export function toSummary(model: string, row: RunListRow): RunSummary {
  return {
    run: row.run,
    model,
    trigger: row.trigger as TriggerName,
    reason: row.reason,
    actor: JSON.parse(row.actor) as Actor,
    state: row.state as RunState,
    startedAt: isoTime(row.started_at),
    updatedAt: isoTime(row.updated_at),
    endedAt: row.ended_at === null ? null : isoTime(row.ended_at),
    outcome: row.outcome,
    incumbent: row.incumbent,
    version: row.version,
    policyRevision: row.policy_revision,
  };
}

/** A row in full. */
export function toRun(model: string, row: RunRow): Run {
  const { log, steps, cancel_requested } = row;
  return {
    ...toSummary(model, row),
    steps: JSON.parse(steps) as RunStep[],
    log,
    cancelRequested: cancel_requested === 1,
  };
}
