/** Composes the service: the one place that knows the telemetry and the HTTP edge both. */
import pino from 'pino';
import type { Config } from './config.ts';
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

/**
 * Starts the service: it listens when the promise resolves, and is not ready until `ready()`.
 * @throws PlumblineError `port_in_use`, or `invalid_configuration` naming the host or port
 */
export async function startService(config: Config): Promise<Service> {
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
  // Standard error: standard output belongs to what the command prints.
  const logger = pino({ level: config.logLevel, name: 'plumbline' }, pino.destination({ fd: 2, sync: true }));
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
        await metricExport.close();
      },
    };
  } catch (error) {
    await metricExport.close();
    throw error;
  }
}
