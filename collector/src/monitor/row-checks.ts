/** What may stand in a row. Model code is not typed at run time, so every field is looked at. */

/** Longer ids would let one caller fill the memory the join promises to stay within. */
const MAX_ID_LENGTH = 256;

/** The class as text, or undefined when it is not a class (missing, NaN, an object). */
export function checkedClass(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean' || (typeof value === 'number' && !Number.isNaN(value)) || typeof value === 'bigint')
    return String(value);
  return undefined;
}

/** The id as text, or undefined when it cannot be one. Numbers are taken as their text. */
export function checkedId(value: unknown): string | undefined {
  const id = typeof value === 'number' && Number.isFinite(value) ? String(value) : value;
  return typeof id === 'string' && id.length > 0 && id.length <= MAX_ID_LENGTH ? id : undefined;
}
