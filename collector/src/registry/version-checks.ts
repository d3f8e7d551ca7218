/** Checks of what is saved with a version: names, texts, tags, metrics. */
import { checkedName } from '../monitor/options.ts';
import { PlumblineError } from '../errors.ts';
import type { Validation } from './model-version.ts';

/** Largest whole number that names a version, so that it is counted in exactly. */
const MAX_NUMBER = 1_000_000_000;
const MAX_TEXT = 4_000;
const MAX_TAGS = 64;
const MAX_ALIASES = 32;
const MAX_METRICS = 200;
const MAX_KEY = 128;
const MAX_VALUE = 1_000;
/** Line breaks and tabs are no control characters here. */
const CONTROL = /[^\P{Cc}\t\n\r]/u;

/** A name of a model, version or alias. @throws PlumblineError `invalid_request` naming the field */
export function checkName(value: unknown, field: string): string {
  try {
    return checkedName(value, field);
  } catch (error) {
    throw error instanceof PlumblineError ? invalid(error.message, error.help) : error;
  }
}

/** A text people wrote. @throws PlumblineError `invalid_request` naming the field */
export function checkText(value: unknown, field: string, most: number = MAX_TEXT): string {
  if (typeof value === 'string' && value.length <= most && value.isWellFormed() && !CONTROL.test(value)) return value;
  throw invalid(`${field}: expected text of at most ${most} characters, without control characters`);
}

/** A reason that is given. @throws PlumblineError `invalid_request` when it is blank */
export function checkReason(value: unknown, what: string): string {
  const reason = checkText(value, 'reason').trim();
  if (reason !== '') return reason;
  throw invalid(`reason: ${what} needs one`, 'Say why in a sentence; the audit log keeps it.');
}

/** Different names. @throws PlumblineError `invalid_request` */
export function checkAliases(aliases: readonly string[]): string[] {
  if (!Array.isArray(aliases)) throw invalid('aliases: expected a list of names');
  if (aliases.length > MAX_ALIASES) throw invalid(`aliases: at most ${MAX_ALIASES}`);
  const names = aliases.map((alias, index) => checkName(alias, `aliases[${index}]`));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw invalid(`aliases: "${twice}" is named twice`);
  return names.sort();
}

/** Short texts by key. @throws PlumblineError `invalid_request` */
export function checkTags(tags: Readonly<Record<string, string>>): Record<string, string> {
  const entries = entriesOf(tags, 'tags', MAX_TAGS);
  return Object.fromEntries(entries.map(([key, value]) => [key, checkText(value, `tags.${key}`, MAX_VALUE)]));
}

/** Finite numbers by name; `n` is a count of rows. @throws PlumblineError `invalid_request` */
export function checkMetrics(metrics: Readonly<Record<string, number>>): Record<string, number> {
  const entries = entriesOf(metrics, 'metrics', MAX_METRICS);
  for (const [key, value] of entries) {
    if (typeof value !== 'number' || !Number.isFinite(value)) throw invalid(`metrics.${key}: expected a finite number`);
    if (key === 'n' && !(Number.isSafeInteger(value) && value >= 0))
      throw invalid('metrics.n: expected a whole number of rows');
  }
  return Object.fromEntries(entries);
}

/** How metrics came about. @throws PlumblineError `invalid_request` */
export function checkValidation(validation: Validation): Validation {
  const { covers } = validation;
  if (covers === null) return validation;
  checkName(covers.version, 'covers.version');
  if (!(Number.isSafeInteger(covers.n) && covers.n >= 0)) throw invalid('covers.n: expected a whole number of rows');
  checkMetrics(covers.metrics);
  return validation;
}

/** The number a version's name is, 0 when it is none. */
export function versionNumber(name: string): number {
  const number = /^[1-9]\d{0,9}$/.test(name) ? Number(name) : 0;
  return number <= MAX_NUMBER ? number : 0;
}

function entriesOf<Value>(record: Readonly<Record<string, Value>>, field: string, most: number): [string, Value][] {
  if (record === null || typeof record !== 'object' || Array.isArray(record))
    throw invalid(`${field}: expected an object`);
  const entries = Object.entries(record);
  if (entries.length > most) throw invalid(`${field}: at most ${most} entries`);
  for (const [key] of entries)
    if (key === '' || checkText(key, field, MAX_KEY) !== key) throw invalid(`${field}: a key is empty`);
  return entries;
}

/** A request that cannot be taken as it is. */
export function invalid(message: string, help = 'Correct it and send the request again.'): PlumblineError {
  return new PlumblineError('invalid_request', `${message}.`.replace(/\.\.$/, '.'), help);
}
