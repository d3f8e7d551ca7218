/** Checks of arguments: callers are not typed at run time. Each error names the argument and says what it should be. */
import { PlumblineError } from '../errors.ts';

/** @throws PlumblineError `invalid_request` */
export function refused(field: string, wanted: string, help: string): PlumblineError {
  return new PlumblineError('invalid_request', `${field}: expected ${wanted}`, help);
}

/** An array or a typed array. @throws PlumblineError `invalid_request` naming it */
export function checkList(value: unknown, field: string): asserts value is ArrayLike<unknown> {
  if (Array.isArray(value) || (ArrayBuffer.isView(value) && 'length' in value)) return;
  throw refused(field, 'a list', 'Pass an array or a typed array.');
}

/** An object with fields of its own, no list. @throws PlumblineError `invalid_request` naming it */
export function checkRecord(value: unknown, field: string): asserts value is object {
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Map)) return;
  throw refused(field, 'an object', 'Pass an object with the fields its type names.');
}

/** A list of objects. @throws PlumblineError `invalid_request` naming it, or the item that is none */
export function checkRecords(value: unknown, field: string): asserts value is readonly object[] {
  checkList(value, field);
  for (let index = 0; index < value.length; index++) checkRecord(value[index], `${field}[${index}]`);
}

/** A text. @throws PlumblineError `invalid_request` naming it */
export function checkText(value: unknown, field: string): asserts value is string {
  if (typeof value !== 'string') throw refused(field, 'a text', 'Pass a string: String(value) makes one.');
}

/** A number, finite or not. @throws PlumblineError `invalid_request` naming it */
export function checkNumber(value: unknown, field: string): asserts value is number {
  if (typeof value !== 'number' || Number.isNaN(value)) throw refused(field, 'a number', 'Pass a number.');
}

/** Something that can be walked through. @throws PlumblineError `invalid_request` naming it */
export function checkIterable(value: unknown, field: string): asserts value is Iterable<unknown> {
  if (typeof (value as Partial<Iterable<unknown>> | null)?.[Symbol.iterator] === 'function') return;
  throw refused(field, 'an iterable', 'Pass an array or a generator.');
}

/** One sample of a stream. @returns it @throws PlumblineError `invalid_request` */
export function sampleOf<Sample>(value: Sample): Sample {
  checkRecord(value, 'sample');
  return value;
}

/** Counts by name. @throws PlumblineError `invalid_request` when it is no Map, or naming what has no whole number from 0 */
export function checkCounts(value: unknown, field: string): asserts value is ReadonlyMap<string, number> {
  if (!(value instanceof Map)) throw refused(field, 'a Map', 'Pass counts by name: new Map([["yes", 12]]).');
  for (const [name, count] of value as Map<unknown, unknown>)
    if (!Number.isSafeInteger(count) || (count as number) < 0)
      throw refused(
        `${field}.${String(name)}`,
        'a whole number from 0',
        'Pass counts by name: new Map([["yes", 12]]).',
      );
}

/** Upper bounds of bins. @throws PlumblineError `invalid_request` when they are no finite numbers that ascend */
export function checkEdges(value: unknown, field: string): asserts value is readonly number[] {
  checkList(value, field);
  for (let index = 0; index < value.length; index++) {
    const [edge, before] = [value[index], index === 0 ? Number.NEGATIVE_INFINITY : (value[index - 1] as number)];
    if (!Number.isFinite(edge) || !((edge as number) > before))
      throw refused(`${field}[${index}]`, 'finite numbers that ascend', 'Pass the edges of a reference profile.');
  }
}
