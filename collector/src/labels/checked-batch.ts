/** A batch row by row: what may be written, and what may not and why. */
import type { IngestResult, RejectedRow } from './ingest.ts';
import type { RejectReason } from '../monitor/counters.ts';
import { RowFault, type RowFaultCode } from './row-faults.ts';

/** Rows of a batch that passed the checks, by their place in it. */
export class CheckedBatch<Row extends { readonly id: string }> {
  readonly rows: Row[] = [];
  readonly #places: number[] = [];
  readonly #rejected: RejectedRow[] = [];

  /** Reads something of a row that need not make it a whole one. @returns undefined where it is at fault, which is noted */
  read<Value>(index: number, read: () => Value): Value | undefined {
    try {
      return read();
    } catch (error) {
      this.#reject(index, error);
      return undefined;
    }
  }

  /** Checks one row. @returns the code of what is wrong with it, undefined where nothing is */
  check(index: number, check: () => Row): RowFaultCode | undefined {
    try {
      this.rows.push(check());
      this.#places.push(index);
      return undefined;
    } catch (error) {
      return this.#reject(index, error);
    }
  }

  /** The answer. @param isTaken whether the database took a row, by its place in `rows` @param fault of those it did not */
  result(isTaken: (place: number) => boolean = () => true, fault: RowFault = DUPLICATE): IngestResult {
    const ids: string[] = [];
    const rejected = [...this.#rejected];
    this.rows.forEach(({ id }, place) => {
      if (isTaken(place)) ids.push(id);
      else rejected.push({ index: this.#places[place] as number, code: fault.code, message: fault.message });
    });
    return { accepted: ids.length, ids, rejected: rejected.sort((a, b) => a.index - b.index) };
  }

  #reject(index: number, error: unknown): RowFaultCode {
    if (!(error instanceof RowFault)) throw error;
    this.#rejected.push({ index, code: error.code, message: error.message });
    return error.code;
  }
}

const DUPLICATE = new RowFault(
  'duplicate_id',
  'id: another prediction of this model has it already; the first one stands. Give each prediction an id of its own.',
);

/** What a monitor calls a fault; undefined where it has no name for it. */
export function reasonOf(code: RowFaultCode): RejectReason | undefined {
  const reasons: Partial<Record<RowFaultCode, RejectReason>> = {
    invalid_id: 'invalid_id',
    invalid_prediction: 'invalid_prediction',
    invalid_label: 'invalid_label',
    invalid_timestamp: 'invalid_timestamp',
    invalid_score: 'invalid_score',
    invalid_duration: 'invalid_duration',
    invalid_feedback: 'invalid_feedback',
    contradictory_feedback: 'invalid_feedback',
  };
  return reasons[code];
}
