/** The SDK: a monitor inside the model's own process, or one that sends to a collector. */
import { randomInt, randomUUID } from 'node:crypto';
import { metrics, type MeterProvider } from '@opentelemetry/api';
import type { DriftWindow } from '../monitor/drift-monitor.ts';
import { MonitorCore } from '../monitor/monitor.ts';
import { invalid } from '../monitor/option-checks.ts';
import { resolveOptions, type MonitorConfig, type MonitorOptions } from '../monitor/options.ts';
import { resolveCollector, type CollectorOptions } from '../remote/remote-options.ts';
import { attachToMeterProvider } from '../telemetry/instruments.ts';
import type { MonitorMetricProducer } from '../telemetry/producer.ts';
import type { MetricStore } from '../telemetry/store.ts';
import { EmbeddedMonitor } from './embedded-monitor.ts';
import type { Monitor } from './monitor.ts';
import { RemoteMonitor } from './remote-monitor.ts';
import { SelfReference, type SelfReferenceOptions } from './self-reference.ts';

/** What to monitor, and where its metrics go. */
export interface CreateMonitorOptions extends MonitorOptions {
  /** Preferred way out, see `startMetricExport`: histograms are born at zero and nothing is folded. */
  readonly producer?: MonitorMetricProducer;
  /** Other way out: any OpenTelemetry MeterProvider. Default: the global one, which must be set before this call. */
  readonly meterProvider?: MeterProvider;
  /** Without `reference`: the first predictions of this model version become it, kept in a state file. */
  readonly selfReference?: SelfReferenceOptions;
  /** Called after each drift verdict, outside the recording call. */
  readonly onWindow?: (window: DriftWindow) => void | Promise<void>;
  /**
   * Sends everything to a collector service, which counts for all processes and keeps the label join in its database. What this process
   * exports then is only what it could not send. Classes, reference, windows and the drift policy are those the service has for the model.
   */
  readonly collector?: CollectorOptions;
}

/**
 * Creates a monitor that runs inside this process, where no service is needed, or with `collector` one that sends to a service.
 * @throws PlumblineError `invalid_configuration` naming the option, or when this model version is exported already
 */
export function createMonitor(options: CreateMonitorOptions): Monitor {
  const config = resolveOptions(options);
  const attach = (store: MetricStore) =>
    options.producer
      ? options.producer.attach(store)
      : attachToMeterProvider(options.meterProvider ?? metrics.getMeterProvider(), store);
  return options.collector
    ? createRemote(options, options.collector, config, attach)
    : createEmbedded(options, config, attach);
}

function createEmbedded(
  options: CreateMonitorOptions,
  config: MonitorConfig,
  attach: (store: MetricStore) => () => void,
): Monitor {
  const core = new MonitorCore(config, {
    now: Date.now,
    makeId: idMaker(),
    hashKey: [randomInt(2 ** 32), randomInt(2 ** 32)],
    defer: (work) => void setImmediate(work).unref(),
    ...(options.onWindow && { onWindow: options.onWindow }),
  });
  // Before it is exported: a broken state file must not leave a half-made monitor behind that blocks the name.
  const self = options.selfReference && !options.reference ? new SelfReference(core, options.selfReference) : undefined;
  return new EmbeddedMonitor(core, attach(core.store), self);
}

function createRemote(
  options: CreateMonitorOptions,
  collector: CollectorOptions,
  config: MonitorConfig,
  attach: (store: MetricStore) => () => void,
): Monitor {
  // A callback that is never called, or a file that is never written, is found out too late.
  const local = (['onWindow', 'selfReference'] as const).find((field) => options[field] !== undefined);
  if (local) throw invalid(`${local}: has no meaning with a collector, which judges the windows`, 'Leave it out.');
  return new RemoteMonitor(config, resolveCollector(collector, config), idMaker(), attach);
}

/** Unique over processes and restarts, and cheap: one random prefix, then a counter. */
function idMaker(): () => string {
  const prefix = randomUUID();
  let next = 0;
  return () => `${prefix}-${(next++).toString(36)}`;
}
