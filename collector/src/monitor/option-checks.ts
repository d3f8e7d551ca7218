/** The checks of single options: each error names its field and the remedy. */
import { PlumblineError } from '../errors.ts';
import type { ValueMatrix } from '../performance/business-value.ts';
import { OTHER } from '../prediction.ts';
import { DETECTORS, type DetectorName } from './detector-names.ts';
import { MAX_CLASSES, TASKS, type FeatureSchema, type MonitorOptions, type TaskName } from './option-types.ts';
import { checkedClass, checkedId } from './row-checks.ts';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** Options that mean nothing to a task. */
const FOREIGN: Readonly<Record<TaskName, readonly ('classes' | 'positiveClass' | 'values')[]>> = {
  classification: [],
  multilabel: ['positiveClass', 'values'],
  regression: ['classes', 'positiveClass', 'values'],
};

/** What goes with a task: a number has no classes, a list of labels no positive one. */
export function checkedTask({ task = 'classification', ...options }: MonitorOptions): TaskName {
  if (!TASKS.includes(task)) throw invalid(`task: there is no "${String(task)}"`, `There are ${TASKS.join(', ')}.`);
  const foreign = FOREIGN[task].find((field) => options[field] !== undefined);
  if (foreign) throw invalid(`${foreign}: has no meaning for the task "${task}"`, 'Leave it out.');
  if (task === 'regression' && options.detectors?.includes('ddm'))
    throw invalid('detectors: "ddm" counts right and wrong, which a regression has not', 'Use adwin or page_hinkley.');
  return task;
}

/** Whether a model, a version or an experiment may be called so. */
export function isName(value: unknown): value is string {
  return typeof value === 'string' && NAME.test(value) && !value.includes('..');
}

/** @throws PlumblineError when a name of a model or version cannot stand in a route or a label */
export function checkedName(value: unknown, field: string): string {
  if (isName(value)) return value;
  throw invalid(
    `${field}: ${typeof value === 'string' ? JSON.stringify(value) : typeof value} is not a usable name`,
    'Use 1 to 128 letters, digits, dots, underscores or hyphens, starting with a letter or digit, without "..".',
  );
}

/** Classes as text, all different. */
export function uniqueClasses(values: readonly (string | number | boolean)[]): string[] {
  if (!Array.isArray(values)) throw invalid('classes: expected an array', 'For example classes: ["no", "yes"].');
  const classes = values.map((value, index) => checkedClass(value) ?? notAClass(index));
  const twice = classes.find((name, index) => classes.indexOf(name) !== index);
  if (twice !== undefined) throw invalid(`classes: "${twice}" occurs twice`, 'Classes compare as String(value).');
  if (classes.includes(OTHER)) throw invalid(`classes: "${OTHER}" is reserved`, 'Rename that class.');
  if (classes.length < 2)
    throw invalid('classes: a classifier has at least two', 'Leave classes out to discover them.');
  if (classes.length > MAX_CLASSES) throw invalid(`classes: at most ${MAX_CLASSES}`, 'Declare the most frequent ones.');
  return classes;
}

/** Different texts, at most so many. */
export function checkedList<Item extends string>(items: readonly Item[], field: string, most: number): readonly Item[] {
  const usable = Array.isArray(items) && items.length <= most && items.every((item) => checkedId(item) === item);
  if (usable && new Set(items).size === items.length) return [...items];
  throw invalid(`${field}: expected at most ${most} different texts`, `For example ${field}: ["first"].`);
}

/** Names of detectors. */
export function checkedDetectors(names: readonly DetectorName[]): readonly DetectorName[] {
  const unknown = checkedList(names, 'detectors', DETECTORS.length).find((name) => !DETECTORS.includes(name));
  if (unknown === undefined) return names;
  throw invalid(`detectors: there is no "${unknown}"`, `There are ${DETECTORS.join(', ')}.`);
}

/** Every pair of declared classes needs its number: a missing one would only be found with the first such sample. */
export function checkedValues(values: ValueMatrix, classes: readonly string[] | undefined): ValueMatrix {
  if (!classes) throw invalid('values: need declared classes', 'Declare `classes` as well.');
  for (const actual of classes)
    for (const predicted of classes)
      if (!Number.isFinite(values[actual]?.[predicted]))
        throw invalid(`values.${actual}.${predicted}: expected a finite number`, 'Give one for every pair of classes.');
  return values;
}

/** Milliseconds. A window of no time would close with each prediction. */
export function checkedDuration(value: number | undefined): number {
  if (value === undefined) return Number.POSITIVE_INFINITY;
  if (value > 0) return seconds(value, 'windowSeconds');
  throw invalid(`windowSeconds: ${String(value)} is not a number above 0`, 'Leave it out for windows by count alone.');
}

function notAClass(index: number): never {
  throw invalid(
    `classes[${index}]: is not a class`,
    'A class is a text of at most 256 characters, a number or a boolean.',
  );
}

/** Schemas by feature, whose ranges hold a number. */
export function checkedSchemas(features: Readonly<Record<string, FeatureSchema>>): Map<string, FeatureSchema> {
  if (!isRecord(features))
    throw invalid('features: expected an object by name', 'For example features: { age: { min: 0 } }.');
  const schemas = new Map(Object.entries(features));
  for (const [name, schema] of schemas) {
    const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = isRecord(schema)
      ? schema
      : notASchema(name);
    if (!(min <= max))
      throw invalid(`features.${name}: min ${min} and max ${max} hold no number`, 'Swap or leave out one.');
    // A misspelt mark would send what was meant to stay.
    if (schema.pii !== undefined && schema.pii !== 'drop' && schema.pii !== 'hash')
      throw invalid(`features.${name}.pii: there is no "${String(schema.pii)}"`, 'There are drop and hash.');
  }
  return schemas;
}

function notASchema(name: string): never {
  throw invalid(`features.${name}: expected an object`, 'For example { type: "numeric", min: 0 }.');
}

/** A text of at most 256 characters. */
export function checkedDigest(digest: unknown): string {
  if (typeof digest === 'string' && digest.length <= 256) return digest;
  throw invalid(
    'digest: expected a text of at most 256 characters',
    'Pass the SHA-256 of the artifact, or leave it out.',
  );
}

/** Whether a value is an object that is no list. */
export function isRecord(value: unknown): value is object {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** A whole number in a range. */
export function wholeNumber(value: number, field: string, low: number, high: number): number {
  if (Number.isInteger(value) && value >= low && value <= high) return value;
  throw invalid(
    `${field}: ${String(value)} is not a whole number from ${low} to ${high}`,
    'Leave it out for the default.',
  );
}

/** Seconds, none negative, as milliseconds. */
export function seconds(value: number, field: string): number {
  if (Number.isFinite(value) && value >= 0) return value * 1000;
  throw invalid(`${field}: ${String(value)} is not a number of seconds`, 'Leave it out for the default.');
}

/** A truth value. */
export function truth(value: unknown, field: string): boolean {
  if (typeof value === 'boolean') return value;
  throw invalid(`${field}: ${String(value)} is neither true nor false`, 'Leave it out for the default.');
}

/** The error of a bad option. */
export function invalid(message: string, help: string): PlumblineError {
  return new PlumblineError('invalid_configuration', message, help);
}
