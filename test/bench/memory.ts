/** What a pending prediction takes beside its id, and what drift over 100 features does. Needs `--expose-gc`. */
import { setTimeout } from 'node:timers/promises';
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
import { makeRows } from './rows.ts';

const PENDING = 1_000_000;
const FEATURES = 100;
/** The default. */
const WINDOW = 5_000;
/** Two windows judged and a third one nearly full. */
const FULL = 3 * WINDOW - 1;
/** Within the first window, and enough for the code to be compiled. */
const WARM = WINDOW - 1;

/** Bytes between two looks that are no change. */
const STILL = 20_000;

/** Runs the measurements, in bytes. */
export async function benchMemory(): Promise<Result> {
  const join = await measured(pendingPredictions());
  const reference = makeWideReference();
  const sorted = await measured(() =>
    reference.features.map((feature) => feature.type === 'numeric' && sampleOfProfile(feature)),
  );
  const bare = await measured(() => recorded(undefined, false, WARM));
  const warm = await measured(() => recorded(reference, false, WARM));
  const binned = await measured(() => recorded(reference, false, FULL));
  const exact = await measured(() => recorded(reference, true, FULL));
  const line = (name: string, value: number) => ({ name, value: [value, value, value] as const, ratio: null });
  return {
    title: `Memory (bytes; drift over ${FEATURES} features, windows of ${WINDOW.toLocaleString('en')})`,
    lines: [
      line('per pending prediction, beside its id', join / PENDING),
      line('drift, exact, without the sorted reference', exact - warm - sorted),
      line('drift, by bins', binned - warm),
      line('the sorted reference', sorted),
      line('series and compiled code of the features', warm - bare),
    ],
  };
}

function pendingPredictions(): () => unknown {
  const ids = Array.from({ length: PENDING }, (_, index) => `prediction-${index}`);
  return () => {
    const held = new LabelJoin(
      { capacity: PENDING, maxAge: 1e9, deadline: 1e9 },
      [1, 2],
      undefined,
      (size) => new Uint32Array(size),
    );
    for (const [index, id] of ids.entries()) held.put(id, index % 2, index, index);
    return held;
  };
}

/** A monitor that has recorded so many rows and judged its closed windows. */
function recorded(reference: ReferenceProfile | undefined, exact: boolean, rows: number): Monitor {
  const producer = new MonitorMetricProducer();
  const common = { model: 'bench', version: '1', capacity: 1, history: 0, window: WINDOW, exact, producer };
  const monitor = createMonitor({ ...common, ...(reference && { reference }) });
  const names = Array.from({ length: FEATURES }, (_, index) => `w${index}`);
  const features = Object.fromEntries(names.map((name) => [name, 0]));
  for (let row = 0; row < rows; row++) {
    names.forEach((name, index) => (features[name] = (row * (index + 1) * 0.618) % 10));
    monitor.recordPrediction({ prediction: 'up', features });
    if (row % WINDOW === WINDOW - 1) void monitor.drift();
  }
  return monitor;
}

/** The rows of the other benchmarks as 100 numeric features. */
function makeWideReference(): ReferenceProfile {
  const rows = makeRows(10_000, 99);
  return profileReference(
    rows.map(({ features }) =>
      Object.fromEntries(Array.from({ length: FEATURES }, (_, index) => [`w${index}`, features[`f${index % 10}`]])),
    ),
  );
}

/**
 * Heap and buffers that making something takes: the median of three, since V8 lets go of code and source texts of its own now and
 * then. It is made once before: the code that makes it is not what is asked about.
 */
async function measured(make: () => unknown): Promise<number> {
  make();
  let before = await settled();
  const grown: number[] = [];
  for (let time = 0; time < 3; time++) {
    kept.push(make());
    const after = await settled();
    grown.push(after - before);
    before = after;
  }
  return spread(grown)[1];
}

/** Bytes held once the garbage collector, which frees buffers later and on threads of its own, has nothing left to do. */
async function settled(): Promise<number> {
  let held = Number.NaN;
  for (let same = 0; same < 3;) {
    globalThis.gc?.();
    await setTimeout(50);
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    same = Math.abs(heapUsed + arrayBuffers - held) < STILL ? same + 1 : 0;
    held = heapUsed + arrayBuffers;
  }
  return held;
}

/** Keeps what was measured alive until all is measured. */
const kept: unknown[] = [];
