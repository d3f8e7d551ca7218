/** The slowest of many calls with a million predictions pending. */
import { PerformanceObserver } from 'node:perf_hooks';
import { createMonitor, MonitorMetricProducer } from '../../collector/src/index.ts';
import { spread, type Result } from './compare.ts';
import { CLASSES, makeReference, makeRows } from './rows.ts';

const PENDING = 1_000_000;
const ROWS = makeRows(10_000, 21);

/** Times single calls while the join is full, so that each one also lets the oldest go. */
export async function benchLatency(): Promise<Result> {
  const monitor = createMonitor({
    model: 'bench',
    version: '1',
    classes: CLASSES,
    reference: makeReference(),
    window: 1_000_000,
    capacity: PENDING,
    producer: new MonitorMetricProducer(),
  });
  let made = 0;
  const next = () => ({ ...(ROWS[made % ROWS.length] as (typeof ROWS)[number]), id: `prediction-${made++}` });
  while (made < PENDING) monitor.recordPrediction(next());
  const pauses: number[] = [];
  const observer = new PerformanceObserver((list) => pauses.push(...list.getEntries().map(({ duration }) => duration)));
  observer.observe({ entryTypes: ['gc'] });
  const times = new Float64Array(500_000);
  for (let call = 0; call < times.length; call++) {
    const row = next();
    const start = performance.now();
    monitor.recordPrediction(row);
    times[call] = (performance.now() - start) * 1000;
  }
  await new Promise((resolve) => setTimeout(resolve, 100));
  observer.disconnect();
  times.sort();
  const at = (share: number) => times[Math.floor(share * (times.length - 1))] as number;
  return {
    title: `One recordPrediction with ${PENDING.toLocaleString('en')} pending (µs)`,
    lines: [
      { name: 'median / p99 / p99.9', value: [at(0.5), at(0.99), at(0.999)], ratio: null },
      {
        name: 'garbage collection: low / median / high (ms)',
        value: pauses.length > 0 ? spread(pauses) : null,
        ratio: null,
      },
    ],
  };
}
