/** Makes what fits the kind of model. */
import type { MetricStore } from '../telemetry/store.ts';
import { Classification } from './classification.ts';
import type { ClosedCounter, RejectReason } from './counters.ts';
import { Multilabel } from './multilabel.ts';
import type { MonitorConfig } from './options.ts';
import { Regression } from './regression.ts';
import type { Task } from './task.ts';

/** The recorder of a task, with all the series that are known beforehand. */
export function createTask(store: MetricStore, config: MonitorConfig, rejected: ClosedCounter<RejectReason>): Task {
  if (config.task === 'regression') return new Regression(store, config);
  if (config.task === 'multilabel') return new Multilabel(store, config, rejected);
  return new Classification(store, config, rejected);
}
