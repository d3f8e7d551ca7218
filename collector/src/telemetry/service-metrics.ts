/** What the service says of itself. */
import { statfsSync } from 'node:fs';
import { METRICS } from './names.ts';
import { MetricStore } from './store.ts';

/** Where the numbers come from. */
export interface ServiceMetricsOptions {
  /** Bytes that may still be written (`freeBytes`); NaN shows no series. */
  readonly diskFree: () => number;
  /** Rows that wait to be written. */
  readonly queueDepth: () => number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** A store of the service's own series; attach it to the producer. */
export function createServiceMetrics({ diskFree, queueDepth, now }: ServiceMetricsOptions): MetricStore {
  const series = Object.keys(METRICS).length;
  const store = new MetricStore({ model: '', version: '', labels: {}, seriesLimit: series, zeroHold: 0, now });
  const disk = store.gauge('diskFree');
  const queue = store.gauge('queueDepth');
  const free = disk.declare({});
  const waiting = queue.declare({ place: 'ingest' });
  store.beforeCollect(() => {
    disk.set(free, diskFree());
    queue.set(waiting, queueDepth());
  });
  return store;
}

/** Bytes this user may still write to the disk of a folder; NaN where it cannot be looked at. */
export function freeBytes(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return Number.NaN;
  }
}
