/** One scrape of many series: the metric producer against observable instruments, the two ways out that the SDK offers. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { AggregationType, MeterProvider } from '@opentelemetry/sdk-metrics';
import { createMonitor, MonitorMetricProducer, type CreateMonitorOptions } from '../../collector/src/index.ts';
import { compare, type Result } from './compare.ts';
import { CLASSES, makeReference } from './rows.ts';

/** Models enough for about 20,000 series. */
const MODELS = 26;

/** Runs the comparison; `rounds` as in `compare`. */
export async function benchCollect(rounds: number): Promise<Result> {
  const producer = new MonitorMetricProducer();
  const ours = exporterOf(producer);
  attachModels({ producer });
  const reader = exporterOf();
  const provider = new MeterProvider({
    readers: [reader],
    views: [
      { instrumentName: '*', aggregation: { type: AggregationType.DEFAULT }, aggregationCardinalityLimit: 100_000 },
    ],
  });
  attachModels({ meterProvider: provider });
  const series = (await scrape(ours)).split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
  const result = await compare({
    title: `One scrape of ${series} series from ${MODELS} models`,
    unit: 'scrape',
    operations: 1,
    rounds,
    contenders: [
      { name: 'metric producer', run: () => scrape(ours) },
      { name: 'observable instruments', run: () => scrape(reader) },
    ],
  });
  await Promise.all([ours.shutdown(), provider.shutdown()]);
  return result;
}

function exporterOf(producer?: MonitorMetricProducer): PrometheusExporter {
  const exporter = new PrometheusExporter({
    preventServerStart: true,
    withoutScopeInfo: true,
    ...(producer && { metricProducers: [producer] }),
  });
  // A reader collects only once a provider has taken it; the other contender gets a provider with views.
  if (producer) new MeterProvider({ readers: [exporter] });
  return exporter;
}

function attachModels(wayOut: Pick<CreateMonitorOptions, 'producer' | 'meterProvider'>): void {
  const reference = makeReference();
  for (let index = 0; index < MODELS; index++) {
    createMonitor({ model: `m${index}`, version: '1', classes: CLASSES, reference, ...wayOut });
  }
}

function scrape(exporter: PrometheusExporter): Promise<string> {
  return new Promise((resolve) => {
    const response = { setHeader: () => undefined, end: (text: string) => resolve(text) };
    exporter.getMetricsRequestHandler({} as IncomingMessage, response as unknown as ServerResponse);
  });
}
