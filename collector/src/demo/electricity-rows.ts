/** The Electricity stream as live traffic: a model trained on its beginning predicts the rest, row by row. */
import { profileReference, type FeatureRow, type ReferenceProfile } from '../index.ts';
import { FEATURES, FIRST_ROW_TIME, ROW_MILLISECONDS, TRAINING_ROWS, type ElectricityStream } from './electricity.ts';
import { trainLogisticRegression, type LogisticRegression } from './model/logistic-regression.ts';
import type { ReplayRow } from './replay-rows.ts';

/** One day of half-hours: what the demo takes for a label to become known. */
export const LABEL_DELAY_ROWS = 48;

/** One row of the demo's traffic. */
export interface ElectricityRow extends ReplayRow {
  readonly label: number;
  /** What "say the previous label again" predicts here. */
  readonly previousLabel: number;
}

/** The demo's model with the reference it was trained on. */
export interface TrainedDemo {
  readonly model: LogisticRegression;
  /** The training rows, with the classes the model predicts for them. */
  readonly reference: ReferenceProfile;
  /** Share of the training rows the model gets right. */
  readonly trainingAccuracy: number;
}

/** Trains on the first rows and profiles the same rows, so that drift is judged against what the model has seen. */
export function trainDemo(stream: ElectricityStream): TrainedDemo {
  const rows = stream.features.slice(0, TRAINING_ROWS);
  const targets = stream.targets.slice(0, TRAINING_ROWS);
  const model = trainLogisticRegression(rows, targets);
  const predictions = rows.map((row) => predictedClass(model.probability(row)));
  const reference = profileReference(rows.map(named), { features: FEATURES, predictions });
  const correct = predictions.filter((prediction, index) => prediction === targets[index]).length;
  return { model, reference, trainingAccuracy: correct / rows.length };
}

/** How much traffic to make. */
export interface TrafficOptions {
  /** Rows of one pass. */
  readonly rows: number;
  /** Start over for ever. */
  readonly repeat: boolean;
  /** Goes before every id: a second run into the same database needs ids of its own. */
  readonly idPrefix?: string;
  /** Epoch milliseconds: rows then happen when they are made. Default: they happen when they did, in 1996 to 1998. */
  readonly clock?: () => number;
  /** Monotonic milliseconds, for how long the model takes. */
  readonly now: () => number;
}

/** Rows there are to replay. */
export function replayableRows(stream: ElectricityStream): number {
  return stream.features.length - TRAINING_ROWS;
}

/**
 * The traffic. A row is predicted from its own features only, never from a label. On a repeat the ids are new and time goes
 * on by half-hours, as it would in a market: only the readings come again.
 */
export function* electricityRows(
  stream: ElectricityStream,
  model: LogisticRegression,
  { rows, repeat, now, clock, idPrefix = 'electricity' }: TrafficOptions,
): Generator<ElectricityRow> {
  const count = Math.min(rows, replayableRows(stream));
  for (let pass = 0; pass === 0 || repeat; pass++) {
    for (let index = 0; index < count; index++) {
      const source = TRAINING_ROWS + index;
      const features = stream.features[source] as Float64Array;
      const start = now();
      const score = model.probability(features);
      const durationSeconds = (now() - start) / 1000;
      const timestamp = clock?.() ?? FIRST_ROW_TIME + (source + pass * count) * ROW_MILLISECONDS;
      yield {
        id: `${idPrefix}-${pass}-${source}`,
        timestamp,
        ...(!clock && { labelTimestamp: timestamp + LABEL_DELAY_ROWS * ROW_MILLISECONDS }),
        features: named(features),
        prediction: predictedClass(score),
        score,
        durationSeconds,
        label: stream.targets[source] as number,
        previousLabel: stream.targets[source - 1] as number,
      };
    }
  }
}

function predictedClass(score: number): number {
  return score >= 0.5 ? 1 : 0;
}

function named(values: Float64Array): FeatureRow {
  return Object.fromEntries(FEATURES.map((name, index) => [name, values[index]]));
}
