/** What a monitor counted as wrong or unusual, read from its own export. */
import { DataPointType, type MetricData } from '@opentelemetry/sdk-metrics';
import { METRICS, type MetricSpec, type MonitorMetricProducer } from '../../index.ts';

type Counts = Readonly<Record<string, number>>;

/** What became of the records of a replay. */
export interface RecordCounts {
  /** By status: joined, late, duplicate, corrected, unknown, expired. */
  readonly labels: Counts;
  readonly rejected: Counts;
  readonly dropped: Counts;
  readonly errors: Counts;
  /** By `feature: reason`. */
  readonly invalid_features: Counts;
}

/**
 * Reads the counts of all monitors of a producer. A series shows 0 at its first collection, so there are two; the monitors
 * must hold back no longer (`zeroHoldSeconds: 0`), and nobody else may scrape this producer.
 */
export async function readRecordCounts(producer: MonitorMetricProducer): Promise<RecordCounts> {
  await producer.collect();
  const { resourceMetrics } = await producer.collect();
  const metrics = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
  const read = (spec: MetricSpec, ...labels: string[]) =>
    countsOf(
      metrics.find(({ descriptor }) => descriptor.name === spec.name),
      labels,
    );
  return {
    labels: read(METRICS.labels, 'status'),
    rejected: read(METRICS.rejected, 'reason'),
    dropped: read(METRICS.dropped, 'reason'),
    errors: read(METRICS.errors, 'reason'),
    invalid_features: read(METRICS.invalid, 'feature', 'reason'),
  };
}

function countsOf(metric: MetricData | undefined, labels: readonly string[]): Counts {
  const counts: Record<string, number> = {};
  if (metric?.dataPointType !== DataPointType.SUM) return counts;
  for (const { attributes, value } of metric.dataPoints) {
    const name = labels.map((label) => String(attributes[label])).join(': ');
    counts[name] = (counts[name] ?? 0) + value;
  }
  return counts;
}
