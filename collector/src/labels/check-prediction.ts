/** Checks one row of a batch of predictions. */
import type { PredictionRow } from '../prediction.ts';
import type { KnownVersion } from './declared-model.ts';
import { withoutPersonal } from './personal-features.ts';
import { idField, nameField, storedValue, textField, timeField, valueField, type Fields } from './row-fields.ts';
import { kindOf, RowFault } from './row-faults.ts';

/** A prediction that may be stored. */
export interface CheckedPrediction {
  readonly version: KnownVersion;
  readonly id: string;
  /** Epoch ms. */
  readonly time: number;
  /** Whether the row said when it was made. */
  readonly isTimed: boolean;
  readonly prediction: string;
  readonly score: number | null;
  /** JSON texts, as the store keeps them. */
  readonly scores: string | null;
  readonly features: string | null;
  readonly experiment: string | null;
  readonly segment: string | null;
  readonly duration: number | null;
  readonly key: string | null;
  readonly shadowOf: string | null;
  /** The same as the core counts it. */
  readonly row: PredictionRow;
}

/** What a check needs beside the row. */
export interface CheckContext {
  readonly version: KnownVersion;
  /** Epoch ms. */
  readonly now: number;
  readonly makeId: () => string;
  /** Key of the hash that stands for a feature marked `pii: hash`. */
  readonly piiKey: string;
}

type Features = NonNullable<PredictionRow['features']>;

const MAX_FEATURES = 1_000;
const MAX_FEATURE_TEXT = 4_096;

/** @throws RowFault naming field and remedy */
export function checkPrediction(row: Fields, { version, now, makeId, piiKey }: CheckContext): CheckedPrediction {
  const { declaration } = version;
  const task = declaration.task ?? 'classification';
  const { id, timestamp } = row;
  const prediction = valueField(row['prediction'], task, 'prediction');
  const score = scoreField(row['score']);
  const scores = scoresField(row['scores']);
  const segment = textField(row['segment'], 'segment', 'invalid_segment');
  const duration = durationField(row['durationSeconds']);
  const features = withoutPersonal(featuresField(row['features']), declaration, piiKey);
  const keepsFeatures = features !== undefined && declaration.storeFeatures !== false;
  const ownId = id === undefined || id === null ? makeId() : idField(id, 'id');
  return {
    version,
    id: ownId,
    time: timeField(timestamp, now, now),
    isTimed: timestamp !== undefined && timestamp !== null,
    prediction,
    score: score ?? null,
    scores: scores === undefined ? null : JSON.stringify(scores),
    features: keepsFeatures ? JSON.stringify(features) : null,
    experiment: experimentField(row['experiment']),
    segment: segment ?? null,
    duration: duration ?? null,
    key: textField(row['key'], 'key', 'invalid_id') ?? null,
    shadowOf: shadowField(row['shadowOf'], ownId),
    row: {
      prediction: storedValue(prediction, task),
      ...(score !== undefined && { score }),
      ...(scores !== undefined && { scores }),
      ...(segment !== undefined && { segment }),
      ...(features !== undefined && { features }),
      ...(duration !== undefined && { durationSeconds: duration }),
    },
  };
}

function shadowField(value: unknown, ownId: string): string | null {
  if (value === undefined || value === null) return null;
  const id = idField(value, 'shadowOf');
  if (id === ownId)
    throw new RowFault('invalid_id', 'shadowOf: names the prediction itself; give the shadow an id of its own.');
  return id;
}

function scoreField(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (isProbability(value)) return value;
  throw new RowFault('invalid_score', 'score: expected the probability of the positive class, a number from 0 to 1.');
}

function scoresField(value: unknown): Readonly<Record<string, number>> | undefined {
  if (value === undefined || value === null) return undefined;
  const classes = typeof value === 'object' && !Array.isArray(value) ? Object.values(value) : [];
  if (classes.length > 0 && classes.length <= MAX_FEATURES && classes.every(isProbability))
    return value as Readonly<Record<string, number>>;
  throw new RowFault('invalid_score', `scores: expected {class: probability} with numbers from 0 to 1.`);
}

function isProbability(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 1;
}

function durationField(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && value >= 0 && Number.isFinite(value)) return value;
  throw new RowFault('invalid_duration', 'durationSeconds: expected a number of seconds, 0 or more.');
}

function featuresField(value: unknown): Features | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'object' || Array.isArray(value))
    throw new RowFault('invalid_features', `features: got ${kindOf(value)}; expected an object of name → value.`);
  const features = value as Readonly<Record<string, unknown>>;
  let count = 0;
  for (const name in features) {
    if (++count > MAX_FEATURES) throw new RowFault('invalid_features', `features: at most ${MAX_FEATURES}.`);
    const feature = features[name];
    if (typeof feature === 'number') continue;
    if (typeof feature === 'string' ? feature.length <= MAX_FEATURE_TEXT : isPlain(feature)) continue;
    const wanted = `a number, a text of at most ${MAX_FEATURE_TEXT} characters, a truth value or null`;
    throw new RowFault(
      'invalid_features',
      `features.${name.slice(0, 100)}: got ${kindOf(feature)}; expected ${wanted}.`,
    );
  }
  return features as Features;
}

function isPlain(value: unknown): boolean {
  return typeof value === 'boolean' || value === null || value === undefined;
}

function experimentField(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  const { name, epoch, propensity } = value as Fields;
  try {
    nameField({ model: name }, 'model');
  } catch {
    throw new RowFault('invalid_experiment', 'experiment.name: expected the name of an experiment.');
  }
  if (!Number.isSafeInteger(epoch) || (epoch as number) < 0)
    throw new RowFault('invalid_experiment', 'experiment.epoch: expected a whole number, 0 or more.');
  if (propensity !== undefined && !(isProbability(propensity) && propensity > 0))
    throw new RowFault('invalid_experiment', 'experiment.propensity: expected a number above 0, at most 1.');
  return JSON.stringify({ name, epoch, ...(propensity !== undefined && { propensity }) });
}
