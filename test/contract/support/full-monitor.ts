/** A monitor that uses everything there is, on a clock of its own, and what leaves it by each way out. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { profileReference } from '../../../collector/src/distribution/profile.ts';
import { ExperimentMetrics } from '../../../collector/src/assignments/experiment-metrics.ts';
import type { StoredExperiment } from '../../../collector/src/assignments/experiment-store.ts';
import { LifecycleMetrics } from '../../../collector/src/lifecycle/lifecycle-metrics.ts';
import type { MonitorOptions } from '../../../collector/src/monitor/options.ts';
import { RemoteMetrics } from '../../../collector/src/remote/remote-metrics.ts';
import type { MetricExport } from '../../../collector/src/telemetry/metric-export.ts';
import { START, TestCore, untyped } from '../../collector/support/core.ts';

export const CLASSES = ['no', 'yes', 'maybe'] as const;
export const ZERO_HOLD_SECONDS = 15;
const ROWS = 400;
const rowOf = (row: number) => ({ age: row, plan: row % 3 === 0 ? 'gold' : 'basic' });

export const REFERENCE = profileReference(
  Array.from({ length: ROWS }, (_, row) => rowOf(row)),
  { bins: 5, predictions: Array.from({ length: ROWS }, (_, row) => CLASSES[row % 3] as string) },
);

/** The monitor before its first prediction. */
export function fullMonitor(options: Partial<MonitorOptions> = {}): TestCore {
  return new TestCore({
    model: 'churn',
    version: '2.1',
    classes: CLASSES,
    positiveClass: 'yes',
    reference: REFERENCE,
    digest: 'abc123',
    window: 200,
    zeroHoldSeconds: ZERO_HOLD_SECONDS,
    ...options,
  });
}

export const REGRESSION_REFERENCE = profileReference(
  Array.from({ length: ROWS }, (_, row) => rowOf(row)),
  {
    bins: 4,
    values: Array.from({ length: ROWS }, (_, row) => row),
    labels: Array.from({ length: ROWS }, (_, row) => row + 1),
  },
);

/** A regression beside it. */
export function regressionMonitor(): TestCore {
  return new TestCore({
    model: 'demand',
    version: '1',
    task: 'regression',
    reference: REGRESSION_REFERENCE,
    window: 200,
    zeroHoldSeconds: ZERO_HOLD_SECONDS,
  });
}

/** What a monitor in remote mode exports. */
export function remoteMetrics(): RemoteMetrics {
  const options = { model: 'remote', version: '1', seriesLimit: 100, zeroHold: ZERO_HOLD_SECONDS * 1_000 };
  return new RemoteMetrics(
    options,
    () => START,
    () => ({ memory: 2, disk: 3 }),
  );
}

/** What the service exports of its registry. */
export async function lifecycleMetrics(): Promise<LifecycleMetrics> {
  const stored = { model: 'churn', version: '2.2', stage: 'staging', digest: 'def456', reference: '' } as const;
  const changes = { thresholds: { accuracy: { critical: 0.7, warning: 0.75 } } };
  const store = {
    currentVersions: () => Promise.resolve([stored]),
    policies: () => Promise.resolve([{ model: 'churn', revision: 1, changes }]),
  };
  const metrics = new LifecycleMetrics({ store, now: () => START, zeroHold: ZERO_HOLD_SECONDS * 1_000 });
  await metrics.refresh();
  return metrics;
}

/** What the service exports of its experiments: one that runs, with an assignment and a guardrail broken. */
export async function experimentMetrics(): Promise<ExperimentMetrics> {
  const rules = { arms: [{ version: '2.1', weight: 1 }], shadows: [] };
  const epoch = { weights: { '2.1': 1 } };
  const experiment = untyped<StoredExperiment>({ model: 'churn', name: 'blue', state: 'running', rules, epoch });
  const store = { open: () => Promise.resolve([experiment]) };
  const metrics = new ExperimentMetrics({ store, now: () => START, zeroHold: ZERO_HOLD_SECONDS * 1_000 });
  await metrics.refresh();
  const version = { model: 'churn', version: '2.1' };
  metrics.counted([{ version, experiment: '{"name":"blue","epoch":1}', shadowOf: null }]);
  metrics.stopped({ ...version, experiment: 'blue' });
  return metrics;
}

/** 400 predicted numbers; all but every fourth get their label, some corrected. */
export function feedRegression(monitor: TestCore): void {
  for (let row = 0; row < ROWS; row++) {
    const id = `id-${row}`;
    monitor.core.recordPrediction({ id, prediction: row, features: rowOf(row) });
    if (row % 4 === 0) continue;
    monitor.core.recordLabel(id, row + 2);
    if (row % 10 === 1) monitor.core.recordLabel(id, row - 3);
  }
  monitor.settle();
}

/** 400 predictions with scores and durations; most get labels, some corrected, some wrong ones. */
export function feed(monitor: TestCore): void {
  for (let row = 0; row < ROWS; row++) {
    const id = `id-${row}`;
    const prediction = CLASSES[row % 3] as string;
    monitor.core.recordPrediction({ id, prediction, features: rowOf(row), score: row / ROWS, durationSeconds: 0.01 });
    if (row % 4 === 0) continue;
    monitor.core.recordLabel(id, row % 5 === 0 ? 'yes' : prediction);
    if (row % 10 === 1) monitor.core.recordLabel(id, 'maybe');
  }
  monitor.core.recordPrediction({ prediction: 'undeclared', features: { age: 'old', plan: 'platinum' } });
  monitor.settle();
}

/** One scrape, over a real connection. */
export async function scrape(handler: MetricExport['handler']): Promise<string> {
  const server = createServer(handler);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  try {
    const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`);
    if (!response.ok) throw new Error(`scrape: ${response.status}`);
    return await response.text();
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
