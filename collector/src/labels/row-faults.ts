/** A row that cannot be taken: which field, why, and what to do. */

/** Codes of rejected rows. */
export type RowFaultCode =
  | 'invalid_row'
  | 'invalid_name'
  | 'invalid_id'
  | 'invalid_prediction'
  | 'invalid_label'
  | 'invalid_timestamp'
  | 'invalid_score'
  | 'invalid_duration'
  | 'invalid_segment'
  | 'invalid_features'
  | 'invalid_experiment'
  | 'invalid_feedback'
  | 'contradictory_feedback'
  | 'duplicate_id'
  | 'unknown_model'
  | 'too_many_versions';

/** Thrown by the checks of one row and caught by whoever goes through the batch. */
export class RowFault extends Error {
  readonly code: RowFaultCode;

  constructor(code: RowFaultCode, message: string) {
    super(message);
    this.name = 'RowFault';
    this.code = code;
  }
}

/** What a value is, for a message: never the value itself, which may be secret or long. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  return typeof value === 'number' ? 'a number' : typeof value === 'string' ? 'a text' : `a ${typeof value}`;
}
