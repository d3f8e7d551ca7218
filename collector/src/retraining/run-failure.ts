/** Why a run ends before its end; the runner writes it down. */
import type { Json } from '../audit/audit-event.ts';

/** The run failed for a reason an operator understands; production stays as it is. */
export class RunFailure extends Error {
  readonly evidence: Json;

  constructor(reason: string, evidence: Json = null) {
    super(reason);
    this.name = 'RunFailure';
    this.evidence = evidence;
  }
}

/** Somebody asked for its end. */
export class RunCancelled extends Error {}

/** Another replica took it for dead, or ended it: nothing more of it may be written. */
export class RunLost extends Error {}
