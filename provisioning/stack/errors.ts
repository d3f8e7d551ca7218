/** A failure the stack explains in one sentence; everything else is a defect and keeps its stack trace. */
export class StackError extends Error {
  readonly exitCode: number;

  /** @param exitCode 1 failure, 2 usage, 4 port in use, as in the collector's command line */
  constructor(message: string, exitCode = 1) {
    super(message);
    this.name = 'StackError';
    this.exitCode = exitCode;
  }
}
