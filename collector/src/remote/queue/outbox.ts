/**
 * What waits in memory. Predictions, labels and feedback are collected side by side and closed together, in this order: so nothing overtakes
 * the prediction it speaks of, and two labels of one id keep their order, since there is one line and one request at a time.
 */
import { ColumnWriter } from '../columns/column-writer.ts';
import type { FeedbackReading } from '../rows/feedback-reader.ts';
import type { PredictionReading } from '../rows/row-reader.ts';
import type { PredictedValue } from '../../prediction.ts';
import { Batch } from './batch.ts';

/** Bounds of the memory. */
export interface OutboxOptions {
  readonly model: string;
  readonly version: string;
  /** Rows of a batch. */
  readonly batchRows: number;
  /** Rows and bytes held at most, those under way included. */
  readonly queueRows: number;
  readonly queueBytes: number;
}

/** Below what a reverse proxy takes by default (1 MB), and less than 8 MiB even if every character takes six bytes. */
const BATCH_BYTES = 512 * 1024;
/** Smaller batches than this are no remedy for "too large". */
const LEAST_BATCH_BYTES = 16 * 1024;
/** One row may take so much. */
export const MAX_ROW_BYTES = 1024 * 1024;
const LABEL_BYTES = 60;

/** Collects rows into batches, within bounds. */
export class Outbox {
  readonly #options: OutboxOptions;
  #batchBytes = BATCH_BYTES;
  #predictions = new ColumnWriter();
  #labels = new ColumnWriter();
  #feedback = new ColumnWriter();
  #closed: Batch[] = [];
  /** Rows and bytes of closed batches, those taken out and not yet released included. */
  #rows = 0;
  #bytes = 0;
  #seq = 0;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** Rows held. */
  get rows(): number {
    return this.#rows + this.openRows;
  }

  /** Rows that are in no batch yet. */
  get openRows(): number {
    return this.#predictions.rows + this.#labels.rows + this.#feedback.rows;
  }

  /** Whether the open rows fill a batch. */
  get full(): boolean {
    const { batchRows } = this.#options;
    const rows = Math.max(this.#predictions.rows, this.#labels.rows, this.#feedback.rows);
    return rows >= batchRows || this.#openBytes >= this.#batchBytes;
  }

  /** Whether at least half the room is taken. */
  get halfFull(): boolean {
    const { queueRows, queueBytes } = this.#options;
    return this.rows * 2 >= queueRows || (this.#bytes + this.#openBytes) * 2 >= queueBytes;
  }

  /** Position of the oldest batch here, undefined without any. */
  get frontSeq(): number | undefined {
    return this.#closed[0]?.seq ?? (this.openRows > 0 ? this.#seq : undefined);
  }

  /** Position the last closed batch has. */
  get lastSeq(): number {
    return this.#seq - 1;
  }

  /** @returns false when there is no room */
  addPrediction(reading: PredictionReading): boolean {
    if (!this.#fits(reading.bytes)) return false;
    const bytes = reading.bytes + reading.fillBytes(this.#predictions);
    if (this.#openBytes + bytes > this.#batchBytes) this.cut();
    reading.write(this.#predictions);
    return true;
  }

  /** @returns false when there is no room */
  addLabel(id: string, label: PredictedValue, timestamp: number): boolean {
    if (!this.#fits(LABEL_BYTES + id.length)) return false;
    const writer = this.#labels;
    writer.put('id', id);
    writer.put('label', label);
    writer.put('timestamp', timestamp);
    writer.endRow();
    return true;
  }

  /** @returns false when there is no room */
  addFeedback(reading: FeedbackReading): boolean {
    if (!this.#fits(reading.bytes)) return false;
    if (this.#openBytes + reading.bytes > this.#batchBytes) this.cut();
    for (const [field, value] of Object.entries(reading.fields)) this.#feedback.put(field, value);
    this.#feedback.endRow();
    return true;
  }

  /** Closes what is open: predictions, after them labels, after them feedback. */
  cut(): void {
    const { model, version } = this.#options;
    this.#close('predictions', this.#predictions, { model, version });
    this.#close('labels', this.#labels, { model });
    this.#close('feedback', this.#feedback, { model });
    this.#predictions = new ColumnWriter();
    this.#labels = new ColumnWriter();
    this.#feedback = new ColumnWriter();
  }

  /** Takes the oldest closed batch; it counts until it is released. */
  take(): Batch | undefined {
    return this.#closed.shift();
  }

  /** Puts a batch back where it was taken from. */
  putBack(batch: Batch): void {
    this.#closed.unshift(batch);
  }

  /** Gives back the room of a batch that was taken. */
  release(batch: Batch): void {
    this.#rows -= batch.rows;
    this.#bytes -= batch.bytes;
  }

  get hasClosed(): boolean {
    return this.#closed.length > 0;
  }

  /** Makes later batches smaller, after one was too large for somebody on the way. */
  shrink(): void {
    this.#batchBytes = Math.max(LEAST_BATCH_BYTES, this.#batchBytes / 2);
  }

  get #openBytes(): number {
    return this.#predictions.bytes + this.#labels.bytes + this.#feedback.bytes;
  }

  #fits(bytes: number): boolean {
    const { queueRows, queueBytes } = this.#options;
    return this.rows < queueRows && this.#bytes + this.#openBytes + bytes <= queueBytes;
  }

  #close(kind: Batch['kind'], writer: ColumnWriter, common: Readonly<Record<string, string>>): void {
    if (writer.rows === 0) return;
    const batch = new Batch(kind, this.#seq++, writer, common);
    this.#closed.push(batch);
    this.#rows += batch.rows;
    this.#bytes += batch.bytes;
  }
}
