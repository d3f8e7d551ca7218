/** The ways out when something goes wrong: a store that fails, a port that is taken, a receiver that is gone. */
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Attributes } from '@opentelemetry/api';
import { startMetricExport } from '../../../collector/src/telemetry/metric-export.ts';
import { MonitorMetricProducer } from '../../../collector/src/telemetry/producer.ts';
import { METRICS, prometheusName } from '../../../collector/src/telemetry/names.ts';
import { TestCore } from '../support/core.ts';

test('a store that fails is named, and does not take the others along', async () => {
  const producer = new MonitorMetricProducer();
  const broken = new TestCore({ version: 'broken' });
  broken.core.store.beforeCollect(() => {
    throw new Error('hook');
  });
  producer.attach(broken.core.store);
  producer.attach(new TestCore({ version: 'well' }).core.store);
  const { resourceMetrics, errors } = await producer.collect();
  expect(errors).toEqual([new Error('hook')]);
  const versions = resourceMetrics.scopeMetrics.flatMap(({ metrics }) =>
    metrics.flatMap(({ dataPoints }) =>
      dataPoints.map((point: { attributes: Attributes }) => point.attributes['version']),
    ),
  );
  expect(new Set(versions)).toEqual(new Set(['well']));
});

test('one metric per name over all stores, with the start time of each', async () => {
  const producer = new MonitorMetricProducer(() => 1_700_000_000_123);
  const [first, second] = [new TestCore({ version: '1' }), new TestCore({ version: '2' })];
  for (const { core } of [first, second]) producer.attach(core.store);
  const { resourceMetrics } = await producer.collect();
  const metrics = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
  const names = metrics.map(({ descriptor }) => descriptor.name);
  expect(new Set(names).size).toBe(names.length);
  const labels = metrics.find(({ descriptor }) => descriptor.name === METRICS.labels.name);
  expect(labels?.dataPoints).toHaveLength(12);
  expect(labels?.dataPoints[0]).toMatchObject({
    startTime: [first.now / 1_000, 0],
    endTime: [1_700_000_000, 123_000_000],
  });
});

test('a port in use is one clear error', async () => {
  const taken = createServer();
  await new Promise<void>((done) => taken.listen(0, '127.0.0.1', done));
  const { port } = taken.address() as AddressInfo;
  try {
    const start = startMetricExport({ prometheus: { port }, otlp: { url: 'http://127.0.0.1:9/v1/metrics' } });
    await expect(start).rejects.toMatchObject({ code: 'port_in_use', message: `port: ${port} is in use`, exitCode: 4 });
  } finally {
    taken.close();
  }
});

test('/metrics on a port of its own, gone after close', async () => {
  const free = createServer();
  await new Promise<void>((done) => free.listen(0, '127.0.0.1', done));
  const { port } = free.address() as AddressInfo;
  await new Promise((done) => free.close(done));
  const exporting = await startMetricExport({ prometheus: { port } });
  const url = `http://127.0.0.1:${port}/metrics`;
  exporting.producer.attach(new TestCore().core.store);
  expect(await (await fetch(url)).text()).toContain('ml_labels_total{model="m",version="1",status="joined"} 0');
  await exporting.close();
  await expect(fetch(url)).rejects.toThrow();
});

test('every name of the table is a valid Prometheus name, and stands there once', () => {
  const names = Object.values(METRICS).map((spec) => prometheusName(spec));
  expect(names.filter((name) => !/^[a-z][a-z0-9_]*[a-z0-9]$/.test(name))).toEqual([]);
  expect(new Set(names).size).toBe(names.length);
  for (const spec of Object.values(METRICS)) expect(spec.description.length).toBeGreaterThan(10);
});
