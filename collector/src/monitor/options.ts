/** What a monitor can be told, and the checks that turn it into a complete configuration. */
import { parseReference } from '../distribution/parse-reference.ts';
import type { ReferenceProfile } from '../distribution/reference.ts';
import { checkPolicy } from '../drift/policy-checks.ts';
import type { DriftPolicy } from '../drift/verdict.ts';
import { PlumblineError } from '../errors.ts';
import type { ValueMatrix } from '../performance/business-value.ts';
import { OTHER, type FeatureType } from '../prediction.ts';
import { DETECTORS, type DetectorName } from './detector-names.ts';
import { checkedClass, checkedId } from './row-checks.ts';

/** What is known of a feature beforehand. */
export interface FeatureSchema {
  readonly type?: FeatureType;
  /** Numbers outside [min, max] are counted as out of range (and still measured). */
  readonly min?: number;
  readonly max?: number;
}

/** What a monitor can be told; only `model` and `version` are needed. */
export interface MonitorOptions {
  /** `[A-Za-z0-9][A-Za-z0-9._-]{0,127}`, no `..`. */
  readonly model: string;
  /** As `model`. */
  readonly version: string;
  /** The classes the model can predict. Declared classes exist from the start; any other one counts as `__other__`. */
  readonly classes?: readonly (string | number | boolean)[];
  /** The class whose probability `score` is (kept for reports of binary models). */
  readonly positiveClass?: string | number | boolean;
  /** Ranges and types of features; features of the reference need no entry. */
  readonly features?: Readonly<Record<string, FeatureSchema>>;
  /** The frozen profile drift is judged against. */
  readonly reference?: ReferenceProfile;
  /** SHA-256 of the model's artifact, shown in `ml_model_info`. */
  readonly digest?: string;
  /** Predictions per window of drift, shares and performance history (default 5,000). */
  readonly window?: number;
  /** A window also closes when its first prediction is this many seconds old (default: never). */
  readonly windowSeconds?: number;
  /** Windows whose performance is kept one by one (default 24, 0 to 1,000); older ones count as one. */
  readonly history?: number;
  /** Parts of the traffic whose performance is told apart (at most 100); a row names its own in `segment`. */
  readonly segments?: readonly string[];
  /** What watches the errors for a change, in the order labels come (default: ADWIN). */
  readonly detectors?: readonly DetectorName[];
  /** `values[actual][predicted]`: what such a prediction is worth, in any unit; a cost is negative. */
  readonly values?: ValueMatrix;
  readonly drift?: Partial<DriftPolicy>;
  /** Predictions held for their label at most (default 500,000; about 70 bytes each). */
  readonly capacity?: number;
  /** How long a prediction is held, seconds (default 30 days). */
  readonly maxAgeSeconds?: number;
  /** A label later than this counts as late, seconds (default 7 days). */
  readonly labelDeadlineSeconds?: number;
  /** Series this model version may hold (default 10,000). */
  readonly seriesLimit?: number;
  /** Seconds a new series shows 0 after its first collection; at least the scrape interval (default 15). */
  readonly zeroHoldSeconds?: number;
}

/** The configuration after the checks: every value present, times in milliseconds. */
export interface MonitorConfig {
  readonly model: string;
  readonly version: string;
  readonly classes: readonly string[] | undefined;
  readonly positiveClass: string | undefined;
  readonly features: ReadonlyMap<string, FeatureSchema>;
  readonly reference: ReferenceProfile | undefined;
  readonly digest: string;
  readonly window: number;
  /** Milliseconds; Infinity where windows close by count alone. */
  readonly windowDuration: number;
  readonly history: number;
  readonly segments: readonly string[];
  readonly detectors: readonly DetectorName[];
  readonly values: ValueMatrix | undefined;
  readonly policy: DriftPolicy;
  readonly capacity: number;
  readonly maxAge: number;
  readonly deadline: number;
  readonly seriesLimit: number;
  readonly zeroHold: number;
}

/** Predictions per drift window, where nothing else is said. */
export const DEFAULT_WINDOW = 5_000;
/** More distinct classes than this share `__other__` even where nothing was declared. */
export const MAX_CLASSES = 1_000;
/** The confusion matrix is exported up to so many classes. */
export const MAX_CONFUSION_CLASSES = 20;

const DEFAULT_POLICY: DriftPolicy = { threshold: 0.05, alpha: 0.01, minimum: 100, nullCalibration: true, seed: 1 };
const DAY = 86_400;
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** Checks options and fills in defaults. @throws PlumblineError `invalid_configuration` naming the field */
export function resolveOptions(options: MonitorOptions): MonitorConfig {
  if (!isRecord(options)) throw invalid('options: expected an object', 'Pass at least { model, version }.');
  const classes = options.classes && uniqueClasses(options.classes);
  const positiveClass = options.positiveClass === undefined ? undefined : String(options.positiveClass);
  if (positiveClass !== undefined && classes && !classes.includes(positiveClass)) {
    throw invalid(`positiveClass: "${positiveClass}" is not one of the classes`, `Classes are ${classes.join(', ')}.`);
  }
  return {
    model: checkedName(options.model, 'model'),
    version: checkedName(options.version, 'version'),
    classes,
    positiveClass,
    features: checkedSchemas(options.features ?? {}),
    // Checked as if it came from a file: a profile that was changed would count in bins its digest does not stand for.
    reference: options.reference && parseReference(options.reference),
    digest: checkedDigest(options.digest ?? ''),
    window: wholeNumber(options.window ?? DEFAULT_WINDOW, 'window', 10, 1_000_000),
    windowDuration: checkedDuration(options.windowSeconds),
    history: wholeNumber(options.history ?? 24, 'history', 0, 1_000),
    segments: checkedList(options.segments ?? [], 'segments', 100),
    detectors: checkedDetectors(options.detectors ?? ['adwin']),
    values: options.values && checkedValues(options.values, classes),
    policy: checkedPolicy({ ...DEFAULT_POLICY, ...options.drift }),
    capacity: wholeNumber(options.capacity ?? 500_000, 'capacity', 1, 10_000_000),
    maxAge: seconds(options.maxAgeSeconds ?? 30 * DAY, 'maxAgeSeconds'),
    deadline: seconds(options.labelDeadlineSeconds ?? 7 * DAY, 'labelDeadlineSeconds'),
    seriesLimit: wholeNumber(options.seriesLimit ?? 10_000, 'seriesLimit', 100, 1_000_000),
    zeroHold: seconds(options.zeroHoldSeconds ?? 15, 'zeroHoldSeconds'),
  };
}

/** @throws PlumblineError when a name of a model or version cannot stand in a route or a label */
export function checkedName(value: unknown, field: string): string {
  if (typeof value === 'string' && NAME.test(value) && !value.includes('..')) return value;
  throw invalid(
    `${field}: ${typeof value === 'string' ? JSON.stringify(value) : typeof value} is not a usable name`,
    'Use 1 to 128 letters, digits, dots, underscores or hyphens, starting with a letter or digit, without "..".',
  );
}

function uniqueClasses(values: readonly (string | number | boolean)[]): string[] {
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

function checkedList<Item extends string>(items: readonly Item[], field: string, most: number): readonly Item[] {
  const usable = Array.isArray(items) && items.length <= most && items.every((item) => checkedId(item) === item);
  if (usable && new Set(items).size === items.length) return [...items];
  throw invalid(`${field}: expected at most ${most} different texts`, `For example ${field}: ["first"].`);
}

function checkedDetectors(names: readonly DetectorName[]): readonly DetectorName[] {
  const unknown = checkedList(names, 'detectors', DETECTORS.length).find((name) => !DETECTORS.includes(name));
  if (unknown === undefined) return names;
  throw invalid(`detectors: there is no "${unknown}"`, `There are ${DETECTORS.join(', ')}.`);
}

/** Every pair of declared classes needs its number: a missing one would only be found with the first such sample. */
function checkedValues(values: ValueMatrix, classes: readonly string[] | undefined): ValueMatrix {
  if (!classes) throw invalid('values: need declared classes', 'Declare `classes` as well.');
  for (const actual of classes)
    for (const predicted of classes)
      if (!Number.isFinite(values[actual]?.[predicted]))
        throw invalid(`values.${actual}.${predicted}: expected a finite number`, 'Give one for every pair of classes.');
  return values;
}

/** Milliseconds. A window of no time would close with each prediction. */
function checkedDuration(value: number | undefined): number {
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

function checkedSchemas(features: Readonly<Record<string, FeatureSchema>>): Map<string, FeatureSchema> {
  if (!isRecord(features))
    throw invalid('features: expected an object by name', 'For example features: { age: { min: 0 } }.');
  const schemas = new Map(Object.entries(features));
  for (const [name, schema] of schemas) {
    const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = isRecord(schema)
      ? schema
      : notASchema(name);
    if (!(min <= max))
      throw invalid(`features.${name}: min ${min} and max ${max} hold no number`, 'Swap or leave out one.');
  }
  return schemas;
}

function notASchema(name: string): never {
  throw invalid(`features.${name}: expected an object`, 'For example { type: "numeric", min: 0 }.');
}

function checkedDigest(digest: unknown): string {
  if (typeof digest === 'string' && digest.length <= 256) return digest;
  throw invalid(
    'digest: expected a text of at most 256 characters',
    'Pass the SHA-256 of the artifact, or leave it out.',
  );
}

function isRecord(value: unknown): value is object {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function checkedPolicy(policy: DriftPolicy): DriftPolicy {
  if (!(policy.threshold >= 0 && policy.threshold < 1))
    throw invalid('drift.threshold: must lie in [0, 1)', 'The default is 0.05.');
  if (!(policy.alpha > 0 && policy.alpha < 1))
    throw invalid('drift.alpha: must lie between 0 and 1', 'The default is 0.01.');
  wholeNumber(policy.minimum, 'drift.minimum', 2, 1_000_000);
  checkPolicy(policy);
  return policy;
}

function wholeNumber(value: number, field: string, low: number, high: number): number {
  if (Number.isInteger(value) && value >= low && value <= high) return value;
  throw invalid(
    `${field}: ${String(value)} is not a whole number from ${low} to ${high}`,
    'Leave it out for the default.',
  );
}

function seconds(value: number, field: string): number {
  if (Number.isFinite(value) && value >= 0) return value * 1000;
  throw invalid(`${field}: ${String(value)} is not a number of seconds`, 'Leave it out for the default.');
}

function invalid(message: string, help: string): PlumblineError {
  return new PlumblineError('invalid_configuration', message, help);
}
