/** The remote monitor as a program sees it, against a collector on loopback. */
import { setTimeout } from 'node:timers/promises';
import {
  createMonitor,
  type CollectorOptions,
  type Monitor,
  type PlumblineError,
} from '../../../collector/src/index.ts';
import { MonitorMetricProducer } from '../../../collector/src/telemetry/producer.ts';
import { untyped } from '../support/core.ts';
import { exported } from '../support/exported.ts';
import { FakeCollector } from './support/fake-collector.ts';

let collector: FakeCollector;
const monitors: Monitor[] = [];
beforeEach(async () => {
  collector = await new FakeCollector().listen();
});
afterEach(async () => {
  await collector.close();
  await Promise.all(monitors.splice(0).map((monitor) => monitor.close()));
});

function remote(options: Partial<CollectorOptions> = {}, others: Record<string, unknown> = {}) {
  const errors: PlumblineError[] = [];
  const onError = (error: PlumblineError) => void errors.push(error);
  const all = { url: collector.url, closeSeconds: 0.1, onError, ...options };
  const made = exported({ ...others, collector: all });
  monitors.push(made.monitor);
  return { ...made, errors };
}

test('predictions and labels arrive as columns, with their times, once flushed', async () => {
  const { monitor } = remote({ token: 'secret' });
  const id = monitor.recordPrediction({ prediction: 'a', score: 0.25, features: { age: 41, plan: 'basic' } });
  monitor.recordPrediction({ id: 'two', prediction: true, timestamp: new Date(5), features: { age: null } });
  monitor.recordLabel(id, 'b', { timestamp: '1970-01-01T00:00:00.007Z' });
  await monitor.flush();
  expect(collector.unique('predictions')).toEqual([
    {
      model: 'm',
      version: '1',
      id,
      timestamp: expect.any(Number),
      prediction: 'a',
      score: 0.25,
      features: { age: 41, plan: 'basic' },
    },
    { model: 'm', version: '1', id: 'two', timestamp: 5, prediction: true },
  ]);
  expect(collector.unique('labels')).toEqual([{ model: 'm', id, label: 'b', timestamp: 7 }]);
  expect(collector.requests.map(({ url }) => url)).toEqual(['/v1/predictions', '/v1/labels']);
  expect(collector.requests[0]?.headers).toMatchObject({ authorization: 'Bearer secret', prefer: 'return=minimal' });
});
