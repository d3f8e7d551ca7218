/** A monitor as users make it, with the producer it exports through. */
import { createMonitor, type CreateMonitorOptions } from '../../../collector/src/client/create-monitor.ts';
import type { Monitor } from '../../../collector/src/client/monitor.ts';
import { METRICS, type MetricKey } from '../../../collector/src/telemetry/names.ts';
import { MonitorMetricProducer } from '../../../collector/src/telemetry/producer.ts';

export interface Exported {
  readonly monitor: Monitor;
  readonly producer: MonitorMetricProducer;
  /** The value of the one series with these labels, as the second collection shows it. */
  value(key: MetricKey, labels?: Readonly<Record<string, string>>): Promise<number | undefined>;
}

/** Creates a monitor that shows its counts from the second collection on. */
export function exported(options: Partial<CreateMonitorOptions> = {}): Exported {
  const producer = new MonitorMetricProducer();
  const monitor = createMonitor({ model: 'm', version: '1', zeroHoldSeconds: 0, producer, ...options });
  const value = async (key: MetricKey, labels: Readonly<Record<string, string>> = {}) => {
    await producer.collect();
    const { resourceMetrics } = await producer.collect();
    const metric = resourceMetrics.scopeMetrics[0]?.metrics.find(
      ({ descriptor }) => descriptor.name === METRICS[key].name,
    );
    const point = metric?.dataPoints.find(({ attributes }) =>
      Object.entries(labels).every(([name, text]) => attributes[name] === text),
    );
    return typeof point?.value === 'object' && 'count' in point.value ? point.value.count : point?.value;
  };
  return { monitor, producer, value: value as Exported['value'] };
}
