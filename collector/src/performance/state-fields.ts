/** Checks of the lists in a serialised state; what differs is named. */
import { foreignState } from '../distribution/state.ts';

/** The fields of a state's data. @throws PlumblineError `foreign_state` when it is no object */
export function fieldsOf(data: unknown): Readonly<Record<string, unknown>> {
  if (typeof data !== 'object' || data === null) throw foreignState('data: expected an object');
  return data as Readonly<Record<string, unknown>>;
}

/** A list of distinct texts. @throws PlumblineError `foreign_state` when it is not */
export function distinctTexts(value: unknown, field: string): string[] {
  const isList = Array.isArray(value) && value.every((item) => typeof item === 'string');
  if (!isList || new Set(value).size !== value.length) throw foreignState(`${field}: expected distinct texts`);
  return value as string[];
}

/**
 * A list of rows, each of so many keys and then so many counts, whole numbers of which at least one is not 0. No two rows have
 * the same keys.
 * @param isKeys whether these are the keys of a row
 * @param expected what the keys should be, for the error
 * @throws PlumblineError `foreign_state` naming the row
 */
export function rowsOf(
  value: unknown,
  field: string,
  shape: { readonly keys: number; readonly counts: number; readonly expected: string },
  isKeys: (keys: readonly unknown[]) => boolean,
): unknown[][] {
  if (!Array.isArray(value)) throw foreignState(`${field}: expected a list`);
  const seen = new Set<string>();
  return value.map((row: unknown, position) => {
    const where = `${field}[${position}]`;
    const length = shape.keys + shape.counts;
    if (!Array.isArray(row) || row.length !== length) throw foreignState(`${where}: expected ${length} values`);
    const keys: unknown[] = row.slice(0, shape.keys);
    const counts: unknown[] = row.slice(shape.keys);
    if (!isKeys(keys)) throw foreignState(`${where}: expected ${shape.expected}`);
    if (!counts.every(Number.isSafeInteger) || counts.every((count) => count === 0))
      throw foreignState(`${where}: expected whole numbers other than 0`);
    const key = JSON.stringify(keys);
    if (seen.has(key)) throw foreignState(`${where}: stands there twice`);
    seen.add(key);
    return row as unknown[];
  });
}

/** Whether a value is a whole number from 0 up to, but not including, a limit. */
export function isBelow(value: unknown, limit: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) < limit;
}
