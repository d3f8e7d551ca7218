/** Composes the service: the one place that knows the telemetry and the HTTP edge both. */
import { setTimeout } from 'node:timers/promises';
import { diag, DiagLogLevel } from '@opentelemetry/api';
import pino, { type Logger } from 'pino';
import type { Config } from './config.ts';
import { errorText } from './errors.ts';
import { createApp } from './http/app.ts';
import { listen } from './http/listen.ts';
import { startMetricExport } from './telemetry/metric-export.ts';
import type { MonitorMetricProducer } from './telemetry/producer.ts';

/** A running service. */
export interface Service {
  /** Base URL, with the port really taken. */
  readonly url: string;
  /** Give it to `createMonitor({ producer })`: its series then stand in `/metrics`. */
  readonly producer: MonitorMetricProducer;
  /** From now on `/readyz` says 200. */
  ready(): void;
  /** Stops listening, ends open connections and pushes once more where a push is configured. */
  close(): Promise<void>;
}

/** The last push may take so long, in milliseconds: whoever stops a container kills it after ten seconds. */
const LAST_PUSH = 3_000;

/**
 * Starts the service: it listens when the promise resolves, and is not ready until `ready()`.
 * @throws PlumblineError `port_in_use`, or `invalid_configuration` naming the host or port
 */
export async function startService(config: Config): Promise<Service> {
  // Standard error: standard output belongs to what the command prints.
  const logger = pino({ level: config.logLevel, name: 'plumbline' }, pino.destination({ fd: 2, sync: true }));
  logTelemetryFailures(logger);
  const metricExport = await startMetricExport({
    ...(config.otlpUrl !== undefined && {
      otlp: {
        url: config.otlpUrl,
        ...(config.otlpIntervalSeconds !== undefined && { intervalSeconds: config.otlpIntervalSeconds }),
      },
    }),
    ...(config.serviceName !== undefined && { serviceName: config.serviceName }),
  });
  let notReady: string | undefined = 'The service is starting.';
  const app = createApp({ metrics: metricExport.handler, notReady: () => notReady, logger });
  try {
    const url = await listen(app, config);
    return {
      url,
      producer: metricExport.producer,
      ready: () => void (notReady = undefined),
      close: async () => {
        notReady = 'The service is stopping.';
        await app.close();
        await lastPush(metricExport.close(), logger);
      },
    };
  } catch (error) {
    await metricExport.close();
    throw error;
  }
}

async function lastPush(pushed: Promise<void>, logger: Logger): Promise<void> {
  const failure = pushed.then(
    () => undefined,
    (error: unknown) => errorText(error),
  );
  const late = setTimeout(LAST_PUSH, `no answer within ${LAST_PUSH / 1000} s`, { ref: false });
  const reason = await Promise.race([failure, late]);
  if (reason !== undefined) logger.warn(`the last push of metrics failed: ${reason}`);
}

/** OpenTelemetry tells of a failed push or scrape nobody but its own logger, which is silent until it is given one. */
function logTelemetryFailures(logger: Logger): void {
  const tell =
    (level: 'error' | 'warn') =>
    (message: string, ...details: unknown[]) =>
      logger[level]([message, ...details.map(errorText)].join(' '));
  const quiet = () => {};
  const target = { error: tell('error'), warn: tell('warn'), info: quiet, debug: quiet, verbose: quiet };
  diag.setLogger(target, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
}
