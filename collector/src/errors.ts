/** Every error a user can meet: a code for machines, a sentence that names what was wrong, and what to do about it. */

/** Code → process exit code (`exit`) and HTTP status (`status`). One table, so that the CLI and the API agree. */
export const ERROR_CODES = {
  invalid_configuration: { status: 400, exit: 2 },
  usage: { status: 400, exit: 2 },
  invalid_reference: { status: 400, exit: 3 },
  invalid_input_file: { status: 400, exit: 3 },
  foreign_state: { status: 400, exit: 3 },
  port_in_use: { status: 500, exit: 4 },
  interrupted: { status: 500, exit: 130 },
  invalid_request: { status: 400, exit: 1 },
  invalid_path: { status: 400, exit: 1 },
  unauthorized: { status: 401, exit: 1 },
  forbidden: { status: 403, exit: 1 },
  token_refused: { status: 403, exit: 1 },
  identity_required: { status: 403, exit: 1 },
  identity_invalid: { status: 403, exit: 1 },
  signature_invalid: { status: 403, exit: 1 },
  not_found: { status: 404, exit: 1 },
  method_not_allowed: { status: 405, exit: 1 },
  request_timeout: { status: 408, exit: 1 },
  already_exists: { status: 409, exit: 1 },
  conflict: { status: 409, exit: 1 },
  gate_not_met: { status: 409, exit: 1 },
  too_little_feedback: { status: 409, exit: 1 },
  transition_not_allowed: { status: 409, exit: 1 },
  artifact_damaged: { status: 409, exit: 1 },
  retraining_refused: { status: 409, exit: 1 },
  no_predict_command: { status: 409, exit: 1 },
  too_large: { status: 413, exit: 1 },
  unsupported_media_type: { status: 415, exit: 1 },
  idempotency_mismatch: { status: 422, exit: 1 },
  rate_limited: { status: 429, exit: 1 },
  migration_failed: { status: 500, exit: 1 },
  not_sound: { status: 500, exit: 1 },
  not_ready: { status: 503, exit: 1 },
  unavailable: { status: 503, exit: 1 },
  internal: { status: 500, exit: 1 },
} as const;

/** A code of the table. */
export type ErrorCode = keyof typeof ERROR_CODES;

/** An error with a code, a message that names the field, and the remedy in `help`. */
export class PlumblineError extends Error {
  readonly code: ErrorCode;
  readonly help: string;
  /** What a program needs of it beside the sentence: gates that are not met, rows that were rejected. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    message: string,
    help: string,
    options?: ErrorOptions & { readonly details?: Readonly<Record<string, unknown>> },
  ) {
    super(message, options);
    this.name = 'PlumblineError';
    this.code = code;
    this.help = help;
    this.details = options?.details ?? {};
  }

  get status(): number {
    return ERROR_CODES[this.code].status;
  }

  get exitCode(): number {
    return ERROR_CODES[this.code].exit;
  }
}

/** The `code` of a system error (`ENOENT`, `EADDRINUSE`, …), whichever realm it comes from; undefined when it has none. */
export function systemErrorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** What an unknown thrown value says. */
export function errorText(error: unknown): string {
  const message = typeof error === 'object' && error !== null && 'message' in error ? error.message : error;
  return String(message);
}
