/** Sends recorded rows through a monitor as if they happened now: predictions first, labels some rows later. */
import type { ClassValue, Monitor, PredictionRow } from '../index.ts';
import { LateLabels } from './late-labels.ts';

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
  readonly pacer: { readonly next: () => Promise<boolean> };
  /** Asked before each record: true when there is room for it, false to stop. Default: there always is. */
  readonly room?: () => true | Promise<boolean>;
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
  const { monitor, pacer, labelDelay, onPredicted, onLabelled, room = () => true } = options;
  const late = new LateLabels<{ readonly id: string; readonly row: Row }>(labelDelay);
  const deliver = ({ id, row }: { id: string; row: Row }, now: PredictionRow['timestamp']) => {
    if (row.label === undefined) return;
    const timestamp = row.labelTimestamp ?? now;
    monitor.recordLabel(id, row.label, timestamp === undefined ? {} : { timestamp });
    onLabelled?.(row);
  };
  const hasRoom = async () => {
    const answer = room();
    return answer === true || (await answer);
  };
  let last: PredictionRow['timestamp'];
  for await (const row of rows) {
    if (!(await pacer.next()) || !(await hasRoom())) return false;
    const id = monitor.recordPrediction(row);
    onPredicted?.(row);
    last = row.timestamp;
    const due = late.push({ id, row });
    if (due && (await hasRoom())) deliver(due, row.timestamp);
  }
  for (const item of late.drain()) {
    if (!(await hasRoom())) return false;
    deliver(item, last);
  }
  return true;
}
