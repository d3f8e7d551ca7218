/** What a monitor in remote mode counts itself: everything that does not reach the collector. The rest is counted there, once. */
import { ClosedCounter } from '../monitor/counters.ts';
import { MetricStore } from '../telemetry/store.ts';
import { WIRE_REJECTIONS, type WireRejection } from './rows/row-reader.ts';

/**
 * Why a record is lost: recorded after `close()` or still unsent then; no room left; larger than anybody takes; refused by the collector, as
 * a row (which it counts by reason) or with its whole request; unreadable on disk.
 */
export const REMOTE_DROPS = ['closed', 'queue_full', 'too_large', 'rejected', 'refused'] as const;
/** One of the reasons. */
export type RemoteDrop = (typeof REMOTE_DROPS)[number];

/** What failed: recording, a callback, a wrapped function, an attempt to send, the files on disk. */
export const REMOTE_ERRORS = [
  'recording_failed',
  'callback_failed',
  'predict_failed',
  'to_row_failed',
  'send_failed',
  'spill_failed',
  'spill_damaged',
] as const;
/** One of the reasons. */
export type RemoteError = (typeof REMOTE_ERRORS)[number];

/** Whose metrics, and how they begin. */
export interface RemoteMetricsOptions {
  readonly model: string;
  readonly version: string;
  readonly seriesLimit: number;
  /** Milliseconds. */
  readonly zeroHold: number;
}

/** Owns the metric store of one remote monitor. */
export class RemoteMetrics {
  readonly store: MetricStore;
  readonly dropped: ClosedCounter<RemoteDrop>;
  readonly rejected: ClosedCounter<WireRejection>;
  readonly errors: ClosedCounter<RemoteError>;

  /**
   * @param now epoch milliseconds
   * @param depth records that wait
   */
  constructor(
    options: RemoteMetricsOptions,
    now: () => number,
    depth: () => Readonly<Record<'memory' | 'disk', number>>,
  ) {
    const store = new MetricStore({ ...options, now });
    this.store = store;
    this.dropped = new ClosedCounter(store, 'dropped', 'reason', REMOTE_DROPS);
    this.rejected = new ClosedCounter(store, 'rejected', 'reason', WIRE_REJECTIONS);
    this.errors = new ClosedCounter(store, 'errors', 'reason', REMOTE_ERRORS);
    const gauge = store.gauge('queueDepth');
    const memory = gauge.declare({ place: 'memory' }, 0);
    const disk = gauge.declare({ place: 'disk' }, 0);
    store.beforeCollect(() => {
      const now = depth();
      gauge.set(memory, now.memory);
      gauge.set(disk, now.disk);
    });
  }
}
