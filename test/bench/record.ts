/** Recording predictions and labels: Plumbline against one histogram per numeric feature and one counter, by hand. */
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { Counter, Histogram, Registry } from 'prom-client';
import {
  createMonitor,
  MonitorMetricProducer,
  type Monitor,
  type ReferenceProfile,
} from '../../collector/src/index.ts';
import { compare, type Contender, type Result } from './compare.ts';
import type { PythonRivals } from './python.ts';
import { CLASSES, makeReference, makeRows, NUMERIC, renew, type BenchRow } from './rows.ts';

const ROWS = 20_000;
/** Predictions held for their label: the ring is soon full, and each record lets the oldest go, as in a process that runs for long. */
const HELD = 40_000;
const LABELS = { model: 'bench', version: '1' };

interface Instruments {
  readonly countPrediction: (prediction: string) => void;
  readonly observeFeature: (feature: string, value: number) => void;
}

/** Runs both comparisons. */
export async function benchRecord(rounds: number, python: PythonRivals): Promise<Result[]> {
  const reference = makeReference();
  const [first] = reference.features;
  const edges = first?.type === 'numeric' ? [...first.edges] : [];
  const record = await compare({
    title: 'Recording a prediction: 10 numbers, 2 categories, class, score, id, entered for the label join',
    unit: 'prediction',
    operations: ROWS,
    rounds,
    contenders: [
      recordOnly(makeRows(ROWS, 7), monitorOf(reference, ROWS / 2)),
      { ...recordAndJudge(makeRows(ROWS, 8), monitorOf(reference, 5_000)) },
      byHand('OpenTelemetry: 10 histograms, 1 counter', makeRows(ROWS, 9), openTelemetry(edges)),
      byHand('prom-client: 10 histograms, 1 counter', makeRows(ROWS, 10), promClient(edges)),
      await python.contender('whylogs: track, 12 columns', 'whylogs', ROWS / 10).then(tenfold),
    ],
  });
  return [record, await benchLabel(rounds, reference)];
}

/** whylogs is so slow that it gets a tenth of the rows. */
function tenfold({ name, milliseconds }: Contender): Contender {
  return { name, ...(milliseconds && { milliseconds: async () => 10 * (await milliseconds()) }) };
}

function monitorOf(reference: ReferenceProfile, window: number): Monitor {
  const producer = new MonitorMetricProducer();
  return createMonitor({
    ...LABELS,
    classes: CLASSES,
    positiveClass: 'up',
    reference,
    window,
    capacity: HELD,
    producer,
  });
}

function recordOnly(rows: readonly BenchRow[], monitor: Monitor): Contender {
  let round = 0;
  return {
    name: 'Plumbline',
    prepare: () => {
      renew(rows, round++);
      // Verdicts are made between rounds, as a process makes them between requests; they are timed below.
      void monitor.drift();
    },
    run: () => {
      for (const row of rows) monitor.recordPrediction(row);
    },
  };
}

function recordAndJudge(rows: readonly BenchRow[], monitor: Monitor): Contender {
  const { prepare } = recordOnly(rows, monitor);
  return {
    name: 'Plumbline with its drift verdicts (each 5,000)',
    ...(prepare && { prepare }),
    run: () => {
      for (const row of rows) monitor.recordPrediction(row);
      return monitor.drift();
    },
  };
}

function benchLabel(rounds: number, reference: ReferenceProfile): Promise<Result> {
  const rows = makeRows(ROWS, 11);
  const monitor = monitorOf(reference, 1_000_000);
  const pending = new Map<string, string>();
  let round = 0;
  return compare({
    title: 'Joining a label to its prediction and counting the outcome',
    unit: 'label',
    operations: ROWS,
    rounds,
    contenders: [
      {
        name: 'Plumbline',
        prepare: () => {
          renew(rows, round++);
          for (const row of rows) monitor.recordPrediction(row);
        },
        run: () => {
          for (const { id, label } of rows) monitor.recordLabel(id, label);
        },
      },
      mapByHand(rows, pending),
    ],
  });
}

function mapByHand(rows: readonly BenchRow[], pending: Map<string, string>): Contender {
  const { countOutcome } = outcomeCounter();
  return {
    name: 'Map and an OpenTelemetry counter',
    prepare: () => {
      for (const { id, prediction } of rows) pending.set(id, prediction);
    },
    run: () => {
      for (const { id, label } of rows) {
        const predicted = pending.get(id);
        if (predicted === undefined) continue;
        pending.delete(id);
        countOutcome(label, predicted);
      }
    },
  };
}

function byHand(name: string, rows: readonly BenchRow[], instruments: Instruments): Contender {
  return {
    name,
    run: () => {
      for (const { features, prediction } of rows) {
        instruments.countPrediction(prediction);
        for (const feature of NUMERIC) instruments.observeFeature(feature, features[feature] as number);
      }
    },
  };
}

function makeMeter() {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  return new MeterProvider({ readers: [reader] }).getMeter('bench');
}

function outcomeCounter() {
  const confusion = makeMeter().createCounter('confusion');
  return {
    countOutcome: (actual: string, predicted: string) => confusion.add(1, { ...LABELS, actual, predicted }),
  };
}

function openTelemetry(boundaries: number[]): Instruments {
  const meter = makeMeter();
  const predictions = meter.createCounter('predictions');
  const feature = meter.createHistogram('feature', { advice: { explicitBucketBoundaries: boundaries } });
  return {
    countPrediction: (prediction) => predictions.add(1, { ...LABELS, prediction }),
    observeFeature: (name, value) => feature.record(value, { ...LABELS, feature: name }),
  };
}

function promClient(buckets: number[]): Instruments {
  const registers = [new Registry()];
  const labels = ['model', 'version'];
  const predictions = new Counter({ name: 'predictions', help: '-', labelNames: [...labels, 'prediction'], registers });
  const feature = new Histogram({ name: 'feature', help: '-', labelNames: [...labels, 'feature'], buckets, registers });
  return {
    countPrediction: (prediction) => predictions.inc({ ...LABELS, prediction }),
    observeFeature: (name, value) => feature.observe({ ...LABELS, feature: name }, value),
  };
}
