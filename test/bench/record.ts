/** Recording a prediction and its label: Plumbline against the same counters and histograms by hand on OpenTelemetry and prom-client. */
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { Counter, Histogram, Registry } from 'prom-client';
import { createMonitor, MonitorMetricProducer, type ReferenceProfile } from '../../collector/src/index.ts';
import { compare, type Contender } from './compare.ts';
import { CLASSES, FEATURES, makeReference, makeRows, type BenchRow } from './rows.ts';

const ROWS = 20_000;
const LABELS = { model: 'bench', version: '1' };

interface Instruments {
  readonly countPrediction: (prediction: string) => void;
  readonly observeDuration: (seconds: number) => void;
  readonly observeFeature: (feature: string, value: number) => void;
  readonly countOutcome: (actual: string, predicted: string) => void;
}

/** Runs the comparison; `rounds` as in `compare`. */
export function benchRecord(rounds: number): Promise<string[]> {
  const reference = makeReference();
  const edges = reference.features.map((feature) => (feature.type === 'numeric' ? [...feature.edges] : []));
  const rows = makeRows(ROWS, 7);
  return compare({
    title: 'Recording a prediction with 8 features and joining its label',
    unit: 'prediction',
    operations: ROWS,
    rounds,
    contenders: [
      plumbline('Plumbline, no window closes', rows, reference, 1_000_000),
      plumbline('Plumbline, a verdict every 5,000', rows, reference, 5_000),
      byHand('OpenTelemetry SDK + Map', rows, openTelemetry(edges[0] ?? [])),
      byHand('prom-client + Map', rows, promClient(edges[0] ?? [])),
    ],
  });
}

/** Ids differ from round to round, as they do in life: a repeated id would be refused. */
function plumbline(name: string, rows: readonly BenchRow[], reference: ReferenceProfile, window: number): Contender {
  const producer = new MonitorMetricProducer();
  const monitor = createMonitor({ ...LABELS, classes: CLASSES, reference, window, producer });
  let round = 0;
  return {
    name,
    run: () => {
      const prefix = `${round++}-`;
      for (const { id, features, prediction, durationSeconds } of rows)
        monitor.recordPrediction({ id: prefix + id, features, prediction, durationSeconds });
      for (const { id, label } of rows) monitor.recordLabel(prefix + id, label);
      return monitor.drift();
    },
  };
}

function byHand(name: string, rows: readonly BenchRow[], instruments: Instruments): Contender {
  const pending = new Map<string, string>();
  let round = 0;
  return {
    name,
    run: () => {
      const prefix = `${round++}-`;
      for (const { id, features, prediction, durationSeconds } of rows) {
        instruments.countPrediction(prediction);
        instruments.observeDuration(durationSeconds);
        for (const feature of FEATURES) instruments.observeFeature(feature, features[feature] as number);
        pending.set(prefix + id, prediction);
      }
      for (const { id, label } of rows) {
        const predicted = pending.get(prefix + id);
        if (predicted === undefined) continue;
        pending.delete(prefix + id);
        instruments.countOutcome(label, predicted);
      }
    },
  };
}

function openTelemetry(boundaries: number[]): Instruments {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const meter = new MeterProvider({ readers: [reader] }).getMeter('bench');
  const predictions = meter.createCounter('predictions');
  const duration = meter.createHistogram('duration');
  const feature = meter.createHistogram('feature', { advice: { explicitBucketBoundaries: boundaries } });
  const confusion = meter.createCounter('confusion');
  return {
    countPrediction: (prediction) => predictions.add(1, { ...LABELS, prediction }),
    observeDuration: (seconds) => duration.record(seconds, LABELS),
    observeFeature: (name, value) => feature.record(value, { ...LABELS, feature: name }),
    countOutcome: (actual, predicted) => confusion.add(1, { ...LABELS, actual, predicted }),
  };
}

function promClient(buckets: number[]): Instruments {
  const registers = [new Registry()];
  const base = ['model', 'version'] as const;
  const predictions = new Counter({ name: 'predictions', help: '-', labelNames: [...base, 'prediction'], registers });
  const duration = new Histogram({ name: 'duration', help: '-', labelNames: base, registers });
  const feature = new Histogram({ name: 'feature', help: '-', labelNames: [...base, 'feature'], buckets, registers });
  const confusion = new Counter({
    name: 'confusion',
    help: '-',
    labelNames: [...base, 'actual', 'predicted'],
    registers,
  });
  return {
    countPrediction: (prediction) => predictions.inc({ ...LABELS, prediction }),
    observeDuration: (seconds) => duration.observe(LABELS, seconds),
    observeFeature: (name, value) => feature.observe({ ...LABELS, feature: name }, value),
    countOutcome: (actual, predicted) => confusion.inc({ ...LABELS, actual, predicted }),
  };
}
