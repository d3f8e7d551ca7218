/** Reads a reference profile that comes from outside (a file, a request) and says what is wrong with a bad one. */
import { PlumblineError } from '../errors.ts';
import { digestOf } from './digest.ts';
import { REFERENCE_FORMAT, REFERENCE_VERSION, type FeatureReference, type ReferenceProfile } from './reference.ts';

const HELP = 'Make a reference with `plumbline profile data.csv --out reference.json` or profileReference(rows).';

/**
 * Checks parsed JSON and returns it as a reference profile.
 * @throws PlumblineError `invalid_reference` naming the field: a foreign format, another version, broken counts, a wrong digest
 */
export function parseReference(value: unknown): ReferenceProfile {
  const record = asRecord(value, 'reference');
  if (record['format'] !== REFERENCE_FORMAT) throw broken(`format: expected "${REFERENCE_FORMAT}"`);
  if (record['version'] !== REFERENCE_VERSION) {
    throw broken(
      `version: this release reads version ${REFERENCE_VERSION}, the file has ${JSON.stringify(record['version'])}`,
    );
  }
  if (!isCount(record['rows'])) throw broken('rows: expected a whole number');
  if (!Array.isArray(record['features'])) throw broken('features: expected an array');
  const names = new Set<string>();
  record['features'].forEach((feature: unknown, index) => {
    const name = checkFeature(feature, `features[${index}]`);
    if (names.has(name)) throw broken(`features[${index}].feature: "${name}" occurs twice`);
    names.add(name);
  });
  if (record['predictions'] !== undefined) checkPredictions(record['predictions']);
  if (record['labels'] !== undefined) checkLabels(record['labels']);
  const { digest, createdAt: _ignored, ...content } = record;
  if (digest !== digestOf(content)) throw broken('digest: does not match the content; the file was changed or cut off');
  return record as unknown as ReferenceProfile;
}

function checkFeature(value: unknown, path: string): string {
  const feature = asRecord(value, path);
  const name = feature['feature'];
  if (typeof name !== 'string' || name === '') throw broken(`${path}.feature: expected a name`);
  if (!isCount(feature['n']) || !isCount(feature['missing']))
    throw broken(`${path}: n and missing must be whole numbers`);
  if (feature['type'] === 'numeric') checkNumeric(feature, path);
  else if (feature['type'] === 'categorical') checkCategorical(feature, path);
  else throw broken(`${path}.type: expected "numeric" or "categorical"`);
  return name;
}

function checkNumeric(feature: Record<string, unknown>, path: string): void {
  const edges = numbers(feature['edges'], `${path}.edges`);
  const counts = counted(feature['counts'], `${path}.counts`);
  const values = numbers(feature['values'], `${path}.values`);
  const valueCounts = counted(feature['valueCounts'], `${path}.valueCounts`);
  if (counts.length !== edges.length + 1) throw broken(`${path}.counts: expected one more than edges`);
  if (!ascending(edges)) throw broken(`${path}.edges: must ascend`);
  if (!ascending(values)) throw broken(`${path}.values: must ascend`);
  if (values.length !== valueCounts.length) throw broken(`${path}.valueCounts: expected one per value`);
  if (sum(counts) !== feature['n'] || sum(valueCounts) !== feature['n'])
    throw broken(`${path}: counts must add up to n`);
}

function checkCategorical(feature: Record<string, unknown>, path: string): void {
  const categories = feature['categories'];
  if (!Array.isArray(categories) || !categories.every((item) => typeof item === 'string')) {
    throw broken(`${path}.categories: expected an array of texts`);
  }
  if (new Set(categories).size !== categories.length) throw broken(`${path}.categories: a category occurs twice`);
  const counts = counted(feature['counts'], `${path}.counts`);
  if (counts.length !== categories.length) throw broken(`${path}.counts: expected one per category`);
  if (!isCount(feature['other'])) throw broken(`${path}.other: expected a whole number`);
  if (sum(counts) + feature['other'] !== feature['n']) throw broken(`${path}: counts must add up to n`);
}

function checkPredictions(value: unknown): void {
  const shares = asRecord(value, 'predictions');
  for (const [name, count] of Object.entries(shares)) {
    if (!isCount(count)) throw broken(`predictions.${name}: expected a whole number`);
  }
}

function checkLabels(value: unknown): void {
  const { n, mean } = asRecord(value, 'labels');
  if (!isCount(n) || n === 0) throw broken('labels.n: expected a whole number above 0');
  if (typeof mean !== 'number' || !Number.isFinite(mean)) throw broken('labels.mean: expected a number');
}

function asRecord(value: unknown, path: string): Record<string, unknown> {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw broken(`${path}: expected an object`);
  return value as Record<string, unknown>;
}

function numbers(value: unknown, path: string): number[] {
  if (Array.isArray(value) && value.every((item) => typeof item === 'number' && Number.isFinite(item)))
    return value as number[];
  throw broken(`${path}: expected an array of numbers`);
}

function counted(value: unknown, path: string): number[] {
  const list = numbers(value, path);
  if (list.every(isCount)) return list;
  throw broken(`${path}: expected whole numbers, none negative`);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function ascending(list: readonly number[]): boolean {
  return list.every((item, index) => index === 0 || item > (list[index - 1] as number));
}

function sum(list: readonly number[]): number {
  return list.reduce((total, item) => total + item, 0);
}

function broken(message: string): PlumblineError {
  return new PlumblineError('invalid_reference', `The reference profile is not usable: ${message}.`, HELP);
}

/** Type of each feature of a reference, by name. */
export function featureTypes(features: readonly FeatureReference[]): Map<string, FeatureReference> {
  return new Map(features.map((feature) => [feature.feature, feature]));
}
