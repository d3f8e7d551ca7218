/** Ready-made export for programs that have no OpenTelemetry set-up of their own: a `/metrics` endpoint, OTLP push, or both. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { AggregationType, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { PlumblineError } from '../errors.ts';
import { MonitorMetricProducer } from './producer.ts';

/** Which ways out to open. */
export interface MetricExportOptions {
  /** Serve `/metrics` on a port of its own; leave out to mount `handler` in a server you have. */
  readonly prometheus?: { readonly port: number; readonly host?: string };
  /** Push by OTLP over HTTP (protobuf-free JSON), e.g. `http://localhost:4318/v1/metrics`. */
  readonly otlp?: {
    readonly url: string;
    readonly headers?: Record<string, string>;
    readonly intervalSeconds?: number;
  };
  /** Resource attribute `service.name`, the `job` of OTLP metrics (default `plumbline`). */
  readonly serviceName?: string;
}

/** A running export. */
export interface MetricExport {
  /** Give it to `createMonitor({ producer })`. */
  readonly producer: MonitorMetricProducer;
  /** Where instruments of other libraries may be made; they leave by the same ways. */
  readonly meterProvider: MeterProvider;
  /** Answers one HTTP request with the Prometheus text format. */
  readonly handler: (request: IncomingMessage, response: ServerResponse) => void;
  /** Pushes once more (OTLP) and stops. */
  close(): Promise<void>;
}

/**
 * Starts the export.
 * @throws PlumblineError `port_in_use` when the wanted port is taken
 */
export async function startMetricExport(options: MetricExportOptions = {}): Promise<MetricExport> {
  const producer = new MonitorMetricProducer();
  const prometheus = new PrometheusExporter({
    preventServerStart: true,
    withoutScopeInfo: true,
    metricProducers: [producer],
    ...(options.prometheus && { port: options.prometheus.port, host: options.prometheus.host ?? '127.0.0.1' }),
  });
  // First the port: when it is taken, no OTLP reader must go on pushing for an export nobody has.
  if (options.prometheus) await listen(prometheus, options.prometheus.port);
  const push = options.otlp && otlpReader(options.otlp, producer);
  const provider = new MeterProvider({
    resource: resourceFromAttributes({ 'service.name': options.serviceName ?? 'plumbline' }),
    readers: push ? [prometheus, push] : [prometheus],
    views: NOISE.map((instrumentName) => ({ instrumentName, aggregation: { type: AggregationType.DROP } })),
  });
  return {
    producer,
    meterProvider: provider,
    handler: (request, response) => prometheus.getMetricsRequestHandler(request, response),
    close: () => provider.shutdown(),
  };
}

/** Of Node's own metrics: fifty series on single heap spaces and handles that no panel shows. */
const NOISE = ['v8js.memory.*', 'v8js.resource.*'];

function otlpReader(otlp: NonNullable<MetricExportOptions['otlp']>, producer: MonitorMetricProducer) {
  return new PeriodicExportingMetricReader({
    exporter: new OTLPMetricExporter({ url: otlp.url, ...(otlp.headers && { headers: otlp.headers }) }),
    exportIntervalMillis: (otlp.intervalSeconds ?? 15) * 1000,
    exportTimeoutMillis: Math.min(10, otlp.intervalSeconds ?? 15) * 1000,
    metricProducers: [producer],
  });
}

async function listen(exporter: PrometheusExporter, port: number): Promise<void> {
  try {
    await exporter.startServer();
  } catch (error) {
    if ((error as { readonly code?: unknown } | null)?.code !== 'EADDRINUSE') throw error;
    throw new PlumblineError(
      'port_in_use',
      `port: ${port} is in use`,
      'Choose another port, or stop what listens there.',
      { cause: error },
    );
  }
}
