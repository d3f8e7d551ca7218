/** Failures of telemetry that nobody is told of otherwise. */
import { diag, DiagLogLevel } from '@opentelemetry/api';
import { errorText } from '../errors.ts';

/** Takes one line. */
export interface FailureLog {
  error(line: string): void;
  warn(line: string): void;
}

/** OpenTelemetry tells of a failed push or scrape nobody but its own logger, which is silent until it is given one. */
export function logTelemetryFailures(log: FailureLog): void {
  const tell =
    (level: 'error' | 'warn') =>
    (message: string, ...details: unknown[]) =>
      log[level]([message, ...details.map(errorText)].join(' '));
  const quiet = () => {};
  const target = { error: tell('error'), warn: tell('warn'), info: quiet, debug: quiet, verbose: quiet };
  diag.setLogger(target, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
}

/** Waits for the last push, but not for ever: whoever ends a process soon kills it. */
export async function lastPush(pushed: Promise<void>, milliseconds: number, log: FailureLog): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer within ${milliseconds / 1000} s`), milliseconds);
  });
  const failure = pushed.then(
    () => undefined,
    (error: unknown) => errorText(error),
  );
  const reason = await Promise.race([failure, late]).finally(() => clearTimeout(timer));
  if (reason !== undefined) log.warn(`the last push of metrics failed: ${reason}`);
}
