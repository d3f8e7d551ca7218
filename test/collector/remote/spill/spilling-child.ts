/**
 * A model process whose collector is away: it records, and says how many records are on disk. It is killed without warning.
 * Arguments: collector address, folder, first number.
 */
import { createMonitor, MonitorMetricProducer } from '../../../../collector/src/index.ts';

const [url = '', folder = '', first = '0'] = process.argv.slice(2);
const producer = new MonitorMetricProducer();
const monitor = createMonitor({
  model: 'm',
  version: '1',
  producer,
  zeroHoldSeconds: 0,
  collector: { url, spill: { folder }, flushSeconds: 0.005, batchRows: 7 },
});

let made = Number(first);
setInterval(() => {
  for (let row = 0; row < 5; row++) {
    const id = monitor.recordPrediction({ id: `p${made}`, prediction: 'a', features: { x: made }, timestamp: made });
    monitor.recordLabel(id, 'b', { timestamp: made });
    monitor.recordFeedback({ id, correct: false, timestamp: made++ });
  }
}, 2);

async function tell(): Promise<void> {
  const { resourceMetrics } = await producer.collect();
  const depth = resourceMetrics.scopeMetrics[0]?.metrics.find(
    ({ descriptor }) => descriptor.name === 'plumbline.queue.depth',
  );
  const disk = depth?.dataPoints.find(({ attributes }) => attributes['place'] === 'disk')?.value;
  if (Number(disk) > 0) process.stdout.write(`written ${String(disk)}\n`);
}
setInterval(() => void tell(), 3);
