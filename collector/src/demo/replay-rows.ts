/** Sends recorded rows through a monitor as if they happened now: predictions first, labels some rows later. */
import type { ClassValue, Monitor, PredictionRow } from '../index.ts';
import { LateLabels } from './late-labels.ts';
import type { Pacer } from './pacer.ts';

/** A prediction with the label it will get. */
export interface ReplayRow extends PredictionRow {
  /** The true class; a row without one stays unlabelled. */
  readonly label?: ClassValue;
  /** When the label becomes known; default: the timestamp of the row after which it arrives. */
  readonly labelTimestamp?: number;
}

/** How rows are replayed. */
export interface ReplayOptions<Row extends ReplayRow> {
  readonly monitor: Monitor;
  readonly pacer: Pacer;
  /** Rows between a prediction and its label. */
  readonly labelDelay: number;
  readonly onPredicted?: (row: Row) => void;
  readonly onLabelled?: (row: Row) => void;
}

/**
 * Replays to the end, or until the pacer says stop. After the last row the labels still held back arrive too: the stream is
 * over, but its labels did become known.
 * @returns whether it came to the end
 */
export async function replayRows<Row extends ReplayRow>(
  rows: Iterable<Row> | AsyncIterable<Row>,
  options: ReplayOptions<Row>,
): Promise<boolean> {
  const { monitor, pacer, labelDelay, onPredicted, onLabelled } = options;
  const late = new LateLabels<{ readonly id: string; readonly row: Row }>(labelDelay);
  const deliver = ({ id, row }: { id: string; row: Row }, now: PredictionRow['timestamp']) => {
    if (row.label === undefined) return;
    const timestamp = row.labelTimestamp ?? now;
    monitor.recordLabel(id, row.label, timestamp === undefined ? {} : { timestamp });
    onLabelled?.(row);
  };
  let last: PredictionRow['timestamp'];
  for await (const row of rows) {
    if (!(await pacer.next())) return false;
    const id = monitor.recordPrediction(row);
    onPredicted?.(row);
    last = row.timestamp;
    const due = late.push({ id, row });
    if (due) deliver(due, row.timestamp);
  }
  for (const item of late.drain()) deliver(item, last);
  return true;
}
