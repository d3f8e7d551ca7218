/** Evaluations as they are asked for, run and kept. Field names are those of the HTTP API. */
import type { Actor } from '../../audit/audit-event.ts';
import type { Act, Page } from '../../registry/model-version.ts';
import type { PageQuery } from '../../registry/registry-store.ts';
import type { Evaluation } from './evaluation.ts';

/** Which rows versions are run on. */
export type EvaluationRows =
  /** Sent along: `{id?, features, label}`; ids are numbers from 1 where they are missing. */
  | { readonly kind: 'sent'; readonly rows: readonly unknown[] }
  /** Labelled predictions made from `from` on and before `to`, epoch ms. */
  | {
      readonly kind: 'stored';
      readonly from?: number | undefined;
      readonly to?: number | undefined;
      readonly source: 'all' | 'feedback';
    };

/** What is asked for. */
export interface EvaluationRequest {
  /** Each once; the others are compared with the first. */
  readonly versions: readonly string[];
  readonly rows: EvaluationRows;
  /** Of each version, in seconds. */
  readonly timeLimitSeconds: number;
}

/** How it stands; `interrupted`: the service that ran it is gone. */
export type EvaluationStatus = 'running' | 'finished' | 'failed' | 'cancelled' | 'interrupted';

/** A version that gave no answers that can be judged. */
export interface FailedVersion {
  readonly version: string;
  readonly reason: string;
  /** The beginning and the end of what it printed. */
  readonly log: string;
}

/** An evaluation. */
export interface EvaluationRecord {
  readonly id: string;
  readonly model: string;
  readonly versions: readonly string[];
  readonly status: EvaluationStatus;
  /** Why it is not finished. */
  readonly reason: string | null;
  /** RFC 3339. */
  readonly createdAt: string;
  readonly finishedAt: string | null;
  readonly actor: Actor;
  /** Metrics of the versions that answered; null without any. */
  readonly result: Evaluation | null;
  readonly failed: readonly FailedVersion[];
}

/** What HTTP asks for. Every error is a PlumblineError. */
export interface Evaluations {
  /**
   * Begins one. @throws PlumblineError `no_predict_command`, `not_found` (model, version), `invalid_request` naming the row,
   * `conflict` while another one of the model runs
   */
  start(model: string, request: EvaluationRequest, act: Act): Promise<EvaluationRecord>;
  /** As it stands, or after its end where that comes within so many milliseconds. @throws PlumblineError `not_found` */
  get(model: string, id: string, patience?: number): Promise<EvaluationRecord>;
  /** Newest first. */
  list(model: string, page: PageQuery): Promise<Page<EvaluationRecord>>;
  /** Asks for its end; one that has ended stays as it is. @throws PlumblineError `not_found` */
  cancel(model: string, id: string): Promise<EvaluationRecord>;
}
