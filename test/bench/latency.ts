/** The slowest of many calls, and the memory, with a million predictions pending. */
import { PerformanceObserver } from 'node:perf_hooks';
import {
  createMonitor,
  type Monitor,
  MonitorMetricProducer,
  profileReference,
  type ReferenceProfile,
} from '../../collector/src/index.ts';
import { sampleOfProfile } from '../../collector/src/drift/samples.ts';
import { LabelJoin } from '../../collector/src/joining/label-join.ts';
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

/** Memory beside the ids themselves, and of the drift state. Needs `--expose-gc`. */
export function benchMemory(): Result {
  const ids = Array.from({ length: PENDING }, (_, index) => `prediction-${index}`);
  const join = measured(() => {
    const held = new LabelJoin({ capacity: PENDING, maxAge: 1e9, deadline: 1e9 }, [1, 2]);
    for (const [index, id] of ids.entries()) held.put(id, index % 2 ? 'up' : 'down', index, index);
    return held;
  });
  const reference = makeWideReference();
  const sorted = measured(() =>
    reference.features.map((feature) => feature.type === 'numeric' && sampleOfProfile(feature)),
  );
  const exact = measured(() => judgedTwice(reference, true)) - sorted;
  const binned = measured(() => judgedTwice(reference, false));
  return {
    title: 'Memory (bytes)',
    lines: [
      { name: 'per pending prediction, beside its id', value: triple(join / PENDING), ratio: null },
      { name: 'drift, 100 features, exact, less the reference', value: triple(exact), ratio: null },
      { name: 'drift, 100 features, by bins', value: triple(binned), ratio: null },
    ],
  };
}

/** A monitor with two windows of 5,000 behind it and a third one nearly full. */
function judgedTwice(reference: ReferenceProfile, exact: boolean): Monitor {
  const producer = new MonitorMetricProducer();
  const monitor = createMonitor({ model: 'bench', version: '1', capacity: 1, history: 0, reference, exact, producer });
  const features = Object.fromEntries(reference.features.map(({ feature }) => [feature, 0]));
  for (let row = 0; row < 14_999; row++) {
    reference.features.forEach(({ feature }, index) => (features[feature] = (row * (index + 1) * 0.618) % 10));
    monitor.recordPrediction({ prediction: 'up', features });
    if (row % 5_000 === 4_999) void monitor.drift();
  }
  return monitor;
}

/** The same rows as 100 numeric features. */
function makeWideReference(): ReferenceProfile {
  const rows = makeRows(10_000, 99);
  return profileReference(
    rows.map(({ features }) =>
      Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`w${index}`, features[`f${index % 10}`]])),
    ),
  );
}

function triple(value: number): [number, number, number] {
  return [value, value, value];
}

/** Heap and buffers that making something takes. */
function measured(make: () => unknown): number {
  globalThis.gc?.();
  const before = process.memoryUsage();
  const made = make();
  globalThis.gc?.();
  const after = process.memoryUsage();
  kept.push(made);
  return after.heapUsed - before.heapUsed + after.arrayBuffers - before.arrayBuffers;
}

/** Keeps what was measured alive until it is measured. */
const kept: unknown[] = [];
