/** Values as JSON can carry them. Model code is not typed at run time, so every value is looked at. */
import { isName } from '../../monitor/option-checks.ts';
import { checkedClass, checkedId } from '../../monitor/row-checks.ts';
import type { ClassValue, FeatureValue, PredictedValue, PredictionExperiment } from '../../prediction.ts';

/** Labels one prediction may have; what is held per row must stay bounded. */
const MAX_LABELS = 1_000;

/** What came out of a field of a row: nothing, or a value to send. */
export type WireFeature = FeatureValue | Readonly<Record<string, never>>;

/** Something that is no value of a feature, without what it holds: the collector counts it as of the wrong type. */
const NO_VALUE: Readonly<Record<string, never>> = Object.freeze({});

/**
 * What a model predicted or what came true, undefined when it is none. A number stays a number, since a regression means it; one that
 * JSON has no word for goes as its text, which is the same class.
 */
export function wirePrediction(value: unknown): PredictedValue | undefined {
  if (!Array.isArray(value)) return wireClass(value);
  if (value.length > MAX_LABELS) return undefined;
  const labels: ClassValue[] = [];
  for (const item of value as readonly unknown[]) {
    const label = wireClass(item);
    if (label === undefined) return undefined;
    labels.push(label);
  }
  return labels;
}

function wireClass(value: unknown): ClassValue | undefined {
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) return value;
  return checkedClass(value);
}

/** A feature's value; NaN is missing, an infinite number goes as its text. */
export function wireFeature(value: unknown): WireFeature {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return value;
    return Number.isNaN(value) ? undefined : String(value);
  }
  return value === null || value === undefined ? undefined : NO_VALUE;
}

/** The probability of each class; undefined when one of them is no number. */
export function wireScores(scores: unknown): readonly (readonly [string, number])[] | undefined {
  if (scores === null || typeof scores !== 'object' || Array.isArray(scores)) return undefined;
  const entries: [string, number][] = [];
  for (const [name, value] of Object.entries(scores as Readonly<Record<string, unknown>>)) {
    if (typeof value !== 'number' || !Number.isFinite(value)) return undefined;
    entries.push([name, value]);
  }
  return entries;
}

/** The unit of an experiment: what the collector would refuse is none here. */
export function wireKey(value: unknown): string | undefined {
  const key = checkedId(value);
  return key?.includes('\0') ? undefined : key;
}

/** A copy of what a prediction was made for; undefined when the collector would not know what to make of it. */
export function wireExperiment(value: unknown): PredictionExperiment | undefined {
  if (value === null || typeof value !== 'object') return undefined;
  const { name, epoch, propensity } = value as { name?: unknown; epoch?: unknown; propensity?: unknown };
  if (!isName(name) || !Number.isSafeInteger(epoch) || (epoch as number) < 0) return undefined;
  if (propensity === undefined) return { name, epoch: epoch as number };
  const usable = typeof propensity === 'number' && propensity > 0 && propensity <= 1;
  return usable ? { name, epoch: epoch as number, propensity } : undefined;
}
