/** Making and closing monitors: names that collide, things that fail half way. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { createMonitor } from '../../../collector/src/client/create-monitor.ts';
import { MonitorMetricProducer } from '../../../collector/src/telemetry/producer.ts';
import { exported } from '../support/exported.ts';

const COLLISION = 'version: a monitor for model "m" version "1" exports here already';

describe.each(['producer', 'meterProvider'] as const)('through a %s', (way) => {
  const target = () =>
    way === 'producer' ? { producer: new MonitorMetricProducer() } : { meterProvider: new MeterProvider() };
  const names = { model: 'm', version: '1' };

  test('the same model version twice is refused, another version is not', () => {
    const out = target();
    createMonitor({ ...names, ...out });
    expect(() => createMonitor({ ...names, ...out })).toThrow(COLLISION);
    expect(() => createMonitor({ ...names, ...out, version: '2' })).not.toThrow();
  });

  test('after close the name is free; closing again does not harm the next one', async () => {
    const out = target();
    const first = createMonitor({ ...names, ...out });
    await first.close();
    createMonitor({ ...names, ...out });
    await first.close();
    expect(() => createMonitor({ ...names, ...out })).toThrow(COLLISION);
  });

  test('a monitor that could not be made does not hold the name', () => {
    const out = target();
    const stateFile = join(mkdtempSync(join(tmpdir(), 'plumbline-')), 'reference.json');
    writeFileSync(stateFile, '{');
    expect(() => createMonitor({ ...names, ...out, selfReference: { stateFile } })).toThrow('is not JSON');
    expect(() => createMonitor({ ...names, ...out })).not.toThrow();
  });
});

test('ids are made without repetition, over monitors too', () => {
  const monitors = [exported().monitor, exported().monitor];
  const ids = monitors.flatMap((monitor) =>
    Array.from({ length: 1_000 }, () => monitor.recordPrediction({ prediction: 'a' })),
  );
  expect(new Set(ids).size).toBe(2_000);
});

test('a closed monitor is not exported, and recording on it is harmless', async () => {
  const { monitor, producer } = exported();
  await monitor.close();
  monitor.recordLabel(monitor.recordPrediction({ prediction: 'a' }), 'a');
  const { resourceMetrics } = await producer.collect();
  expect(resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics)).toEqual([]);
  expect((await monitor.performance()).predictions).toBe(0);
});

test('without any OpenTelemetry set-up a monitor still answers', async () => {
  const monitor = createMonitor({ model: 'alone', version: '1' });
  monitor.recordLabel(monitor.recordPrediction({ prediction: 'a' }), 'b');
  expect((await monitor.performance()).metrics.accuracy).toMatchObject({ value: 0, n: 1 });
  await monitor.close();
});

test('a MeterProvider gets histograms and counters by the OpenTelemetry API alone', async () => {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const meterProvider = new MeterProvider({ readers: [reader] });
  const monitor = createMonitor({ model: 'm', version: '1', zeroHoldSeconds: 0, meterProvider });
  monitor.recordPrediction({ prediction: 'a', durationSeconds: 0.5 });
  await reader.forceFlush();
  await reader.forceFlush();
  const metrics = exporter.getMetrics().at(-1)?.scopeMetrics[0]?.metrics ?? [];
  const found = (name: string) => metrics.find(({ descriptor }) => descriptor.name === name)?.dataPoints;
  expect(found('ml.predictions')).toMatchObject([{ value: 1, attributes: { prediction: 'a' } }]);
  expect(found('ml.prediction.duration.seconds')).toMatchObject([{ value: { count: 1, sum: 0.5 } }]);
  await meterProvider.shutdown();
});

test('a timestamp no calendar holds does not break the report', async () => {
  const { monitor } = exported();
  monitor.recordPrediction({ prediction: 'a', timestamp: Number.MAX_VALUE });
  await expect(monitor.performance()).resolves.toMatchObject({ predictions: 1 });
});
