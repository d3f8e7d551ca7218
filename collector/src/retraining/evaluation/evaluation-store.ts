/** What evaluations need of a database: their port, implemented in `storage/`. */
import type { Page } from '../../registry/model-version.ts';
import type { PageQuery } from '../../registry/registry-store.ts';
import type { EvaluationRecord } from './evaluations.ts';

/** What an evaluation comes to. */
export type EvaluationEnd = Pick<EvaluationRecord, 'status' | 'reason' | 'result' | 'failed'>;

/** The port. Times are epoch ms; a running evaluation whose `aliveUntil` has passed reads as interrupted. */
export interface EvaluationStore {
  /** Writes a running one down, unless another one of the model runs. @returns its id, or undefined */
  begin(record: EvaluationRecord, aliveUntil: number, now: number): Promise<string | undefined>;
  /** Says that it is still run. @returns whether somebody asked for its end, or it is not to be run any more */
  renew(id: string, aliveUntil: number): Promise<boolean>;
  finish(id: string, end: EvaluationEnd, now: number): Promise<void>;
  get(model: string, id: string, now: number): Promise<EvaluationRecord | undefined>;
  list(model: string, page: PageQuery, now: number): Promise<Page<EvaluationRecord>>;
  askToEnd(id: string): Promise<void>;
  /** Ids of those that are run somewhere. */
  running(now: number): Promise<ReadonlySet<string>>;
  /** Removes those created before this time. */
  forget(before: number): Promise<void>;
}
