/** Reads a row once, before anything of it is kept: the caller may use its object again, and a getter that throws leaves nothing behind. */
import { checkedId, ownValue } from '../../monitor/row-checks.ts';
import { toMilliseconds, type PredictedValue, type PredictionRow } from '../../prediction.ts';
import { cellBytes, type ColumnWriter } from '../columns/column-writer.ts';
import type { FeaturePrivacy } from './feature-privacy.ts';
import { wireFeature, wirePrediction, wireScores, type WireFeature } from './wire-values.ts';

/** What can be wrong with a row before it is sent; the rest is judged, and counted, where it arrives. */
export const WIRE_REJECTIONS = [
  'invalid_prediction',
  'invalid_label',
  'invalid_id',
  'invalid_timestamp',
  'invalid_score',
  'invalid_duration',
  'unknown_segment',
  'invalid_feedback',
] as const;
/** One of the reasons. */
export type WireRejection = (typeof WIRE_REJECTIONS)[number];

/** Names, id and times of a row in JSON are about so long; added to the values for what a row will take. */
const ROW_BYTES = 80;

/** One prediction as it was read. It is the reader's own and holds until the next row is read. */
export class PredictionReading {
  id = '';
  timestamp = 0;
  prediction: PredictedValue = '';
  score: number | undefined;
  scores: readonly (readonly [string, number])[] | undefined;
  segment: string | undefined;
  durationSeconds: number | undefined;
  readonly names: string[] = [];
  readonly values: WireFeature[] = [];
  /** Features of this row; the arrays may be longer. */
  count = 0;
  /** Whether the row before had other names, or the same ones in another order. */
  otherNames = true;
  /** About what it takes in JSON. */
  bytes = 0;

  /** Adds the row to a batch. */
  write(writer: ColumnWriter): void {
    writer.put('id', this.id);
    writer.put('timestamp', this.timestamp);
    writer.put('prediction', this.prediction);
    if (this.score !== undefined) writer.put('score', this.score);
    if (this.segment !== undefined) writer.put('segment', this.segment);
    if (this.durationSeconds !== undefined) writer.put('durationSeconds', this.durationSeconds);
    for (let at = 0; at < this.count; at++) {
      const value = this.values[at];
      if (value !== undefined) writer.putNested('features', this.names[at] as string, value);
    }
    if (this.scores) for (const [name, value] of this.scores) writer.putNested('scores', name, value);
    writer.endRow();
  }

  /** What the names that are new to a batch would take in all its rows so far. */
  fillBytes(writer: ColumnWriter): number {
    let bytes = 0;
    if (this.otherNames)
      for (let at = 0; at < this.count; at++) bytes += writer.fillBytes('features', this.names[at] as string);
    if (this.scores) for (const [name] of this.scores) bytes += writer.fillBytes('scores', name);
    return bytes;
  }
}

/** Reads rows of one model version. */
export class RemoteRowReader {
  readonly #privacy: FeaturePrivacy;
  readonly #reject: (reason: WireRejection) => void;
  readonly #reading = new PredictionReading();

  constructor(privacy: FeaturePrivacy, reject: (reason: WireRejection) => void) {
    this.#privacy = privacy;
    this.#reject = reject;
  }

  /**
   * Reads a prediction made `now`; the reading is undefined when it has none. What else is wrong is counted and left out.
   * @param makeId for a row without a usable id
   */
  prediction(row: PredictionRow, now: number, makeId: () => string): { id: string; reading?: PredictionReading } {
    const { id: rawId, prediction, timestamp, durationSeconds, score, scores, features, segment } = row;
    const id = this.#idOf(rawId) ?? makeId();
    const reading = this.#reading;
    const predicted = wirePrediction(prediction);
    if (predicted === undefined) {
      this.#reject('invalid_prediction');
      return { id };
    }
    reading.id = id;
    reading.prediction = predicted;
    reading.timestamp = this.time(timestamp, now);
    reading.score = this.#number(score, 'invalid_score');
    reading.durationSeconds = this.#number(durationSeconds, 'invalid_duration');
    reading.scores = scores === undefined || scores === null ? undefined : this.#scores(scores);
    reading.segment = this.#segment(segment);
    reading.bytes = ROW_BYTES + id.length + cellBytes(predicted) + (segment?.length ?? 0);
    this.#features(features);
    if (reading.scores) for (const [name] of reading.scores) reading.bytes += name.length + cellBytes(0);
    return { id, reading };
  }

  /** Milliseconds of a time, `now` where there is none or it is none. */
  time(timestamp: unknown, now: number): number {
    if (timestamp === undefined || timestamp === null) return now;
    const time = toMilliseconds(timestamp);
    if (time === undefined) this.#reject('invalid_timestamp');
    return time ?? now;
  }

  #idOf(rawId: unknown): string | undefined {
    if (rawId === undefined || rawId === null) return undefined;
    const id = checkedId(rawId);
    if (id === undefined) this.#reject('invalid_id');
    return id;
  }

  #number(value: unknown, reason: WireRejection): number | undefined {
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    this.#reject(reason);
    return undefined;
  }

  #scores(scores: unknown): PredictionReading['scores'] {
    const read = wireScores(scores);
    if (!read) this.#reject('invalid_score');
    return read;
  }

  #segment(segment: unknown): string | undefined {
    if (segment === undefined || segment === null) return undefined;
    const text = checkedId(segment);
    if (text === undefined) this.#reject('unknown_segment');
    return text;
  }

  #features(features: PredictionRow['features']): void {
    const reading = this.#reading;
    const { names, values } = reading;
    reading.otherNames = false;
    let count = 0;
    for (const name of Object.keys(features ?? {})) {
      // A document with such a key is refused as a whole, since whoever copies it may change what an object is.
      if (name === '__proto__') continue;
      const value = this.#privacy.protect(name, wireFeature(ownValue(features, name)));
      if (names[count] !== name) {
        names[count] = name;
        reading.otherNames = true;
      }
      values[count++] = value;
      reading.bytes += cellBytes(value);
    }
    if (count !== reading.count) reading.otherNames = true;
    reading.count = count;
  }
}
