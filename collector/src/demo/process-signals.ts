/** How a command learns that it should end. */

/** A terminal and npm both pass Ctrl-C on, so one key press arrives twice within a moment; that is not impatience. */
const SAME_PRESS = 1_000;

/** What asked a command to end. */
export type StopReason = 'SIGINT' | 'SIGTERM' | 'closed';

/** How a command learns that it should end. */
export interface Stop {
  /** Aborted when the command should end. */
  readonly signal: AbortSignal;
  /** Why: a signal, or standard output that nobody reads any more. */
  readonly reason: () => StopReason | undefined;
  /** Gives the signals back. */
  readonly release: () => void;
}

/** Listens for SIGINT and SIGTERM. A second signal more than a second after the first ends the process at once. */
export function listenForStop(process: NodeJS.Process, now: () => number): Stop {
  const controller = new AbortController();
  let reason: StopReason | undefined;
  let first = 0;
  const stop = (why: StopReason) => {
    if (reason === undefined) {
      reason = why;
      first = now();
      controller.abort();
    } else if (why !== 'closed' && now() - first > SAME_PRESS) process.exit(why === 'SIGINT' ? 130 : 1);
  };
  const onInterrupt = () => stop('SIGINT');
  const onTerminate = () => stop('SIGTERM');
  const onOutputError = (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    stop('closed');
  };
  process.on('SIGINT', onInterrupt).on('SIGTERM', onTerminate);
  process.stdout.on('error', onOutputError);
  return {
    signal: controller.signal,
    reason: () => reason,
    release: () => void process.off('SIGINT', onInterrupt).off('SIGTERM', onTerminate),
  };
}
