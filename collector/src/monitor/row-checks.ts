/** What may stand in a row. Model code is not typed at run time, so every field is looked at. */
import type { FeatureValue } from '../prediction.ts';

/** Longer ids would let one caller fill the memory the join promises to stay within. */
const MAX_ID_LENGTH = 256;

/** A class is held with every waiting prediction and becomes a label's value: it is bounded for the same reason. */
const MAX_CLASS_LENGTH = 256;
/**
 * The class as text, or undefined when it is not a class (missing, NaN, an object, too long). Text that is not Unicode is
 * made so here: written as UTF-8 two different broken classes would be one label, and the same series twice.
 */
export function checkedClass(value: unknown): string | undefined {
  if (typeof value === 'boolean' || (typeof value === 'number' && !Number.isNaN(value)) || typeof value === 'bigint')
    return bounded(String(value));
  return typeof value === 'string' ? bounded(value.toWellFormed()) : undefined;
}

function bounded(text: string): string | undefined {
  return text.length <= MAX_CLASS_LENGTH ? text : undefined;
}

/** The id as text, or undefined when it cannot be one. Numbers are taken as their text. */
export function checkedId(value: unknown): string | undefined {
  const id = typeof value === 'number' && Number.isFinite(value) ? String(value) : value;
  return typeof id === 'string' && id.length > 0 && id.length <= MAX_ID_LENGTH ? id : undefined;
}

/**
 * One feature's value. Of what is not a number, text or truth value only own fields count (every object has a
 * `constructor`), and one that cannot be read is missing: an error between two features would leave the window with columns
 * of different length.
 */
export function ownValue(
  features: Readonly<Record<string, FeatureValue>> | undefined | null,
  name: string,
): FeatureValue {
  try {
    if (features === null || features === undefined) return undefined;
    const value = features[name];
    // What every object inherits is functions and objects: only there is the dearer question worth asking.
    if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') return value;
    return Object.hasOwn(features, name) ? value : undefined;
  } catch {
    return undefined;
  }
}
