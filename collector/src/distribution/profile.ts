/** Makes a reference profile from rows. */
import { PlumblineError } from '../errors.ts';
import { SCORE_FEATURE, VALUE_FEATURE, type ClassValue, type FeatureType, type FeatureValue } from '../prediction.ts';
import { binCounts, DEFAULT_BINS, quantileEdges } from './bins.ts';
import { digestOf } from './digest.ts';
import { orderStatistics } from './order-statistics.ts';
import {
  MAX_CATEGORIES,
  MAX_DISTINCT,
  REFERENCE_FORMAT,
  REFERENCE_VERSION,
  type CategoricalReference,
  type FeatureReference,
  type NumericReference,
  type ReferenceProfile,
} from './reference.ts';

/** One row of features by name. */
export type FeatureRow = Readonly<Record<string, FeatureValue>>;

/** What to profile, and how finely. */
export interface ProfileOptions {
  /** Features to profile, in order; default: every key that occurs, in order of appearance. */
  readonly features?: readonly string[];
  /** Features to take as categories although their values are numbers. */
  readonly categorical?: readonly string[];
  /** Bins of a numeric feature, 2 to 200 (default 20). */
  readonly bins?: number;
  /** Predicted class of each row, for the shift of predictions against the reference. */
  readonly predictions?: readonly ClassValue[];
  /** Score of each row, NaN where there is none: watched for drift as the feature `__score__`, and its quantiles are the bins of ROC curves. */
  readonly scores?: readonly number[];
  /** Of a regression the predicted value of each row, watched for drift as the feature `__prediction__`. */
  readonly values?: readonly number[];
  /** Of a regression the true values: R² is counted about their mean. */
  readonly labels?: readonly number[];
  /** RFC 3339; kept in the profile, not in its digest. */
  readonly createdAt?: string;
}

/**
 * Profiles rows of features: quantile bins and distinct values for numbers, counts for categories.
 * A feature is numeric when its first present value is a number; missing values (null, undefined, NaN) are counted apart,
 * values of the wrong type and ±Infinity as missing too, since no distribution can hold them.
 * @throws PlumblineError `invalid_configuration` when rows are none or no objects, when an option is no list, a feature never has a value, or `bins` is out of range
 * Cost: O(rows · log rows) per numeric feature; memory: one number per row and feature.
 */
export function profileReference(rows: readonly FeatureRow[], options: ProfileOptions = {}): ReferenceProfile {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw invalid('options: expected an object', 'Leave them out, or pass { features, categorical, … }.');
  const bins = checkedBins(options.bins ?? DEFAULT_BINS);
  checkRows(rows, options);
  if (rows.length === 0)
    throw invalid('rows: a reference needs at least one row', 'Pass the rows the model was trained on.');
  const names = options.features ?? namesOf(rows);
  const categorical = new Set(options.categorical ?? []);
  for (const name of categorical) {
    if (!names.includes(name))
      throw invalid(`categorical: "${name}" is not a feature of the rows`, 'Check the spelling.');
  }
  const reserved = names.find((name) => name === SCORE_FEATURE || name === VALUE_FEATURE);
  if (reserved) throw invalid(`features: "${reserved}" is reserved`, 'Rename it, or pass it as `scores` or `values`.');
  const features = [
    ...names.map((name) => profileFeature(name, rows, categorical.has(name), bins)),
    ...profileOutput(SCORE_FEATURE, 'scores', options.scores, bins),
    ...profileOutput(VALUE_FEATURE, 'values', options.values, bins),
  ];
  const content = {
    format: REFERENCE_FORMAT,
    version: REFERENCE_VERSION,
    rows: rows.length,
    features,
    ...(options.predictions && { predictions: countClasses(options.predictions) }),
    ...(options.labels && { labels: meanOf(options.labels) }),
  } as const;
  return {
    ...content,
    digest: digestOf(content),
    ...(options.createdAt !== undefined && { createdAt: options.createdAt }),
  };
}

/** Rows are objects, options lists: nobody checks them at run time but we. */
function checkRows(rows: readonly FeatureRow[], options: ProfileOptions): void {
  if (!Array.isArray(rows)) throw invalid('rows: expected an array', 'Pass the rows the model was trained on.');
  const odd = rows.findIndex((row: unknown) => typeof row !== 'object' || row === null || Array.isArray(row));
  if (odd >= 0)
    throw invalid(`rows[${odd}]: expected an object`, 'A row is features by name: { age: 41, plan: "basic" }.');
  for (const field of ['features', 'categorical', 'predictions', 'scores', 'values', 'labels'] as const)
    if (options[field] !== undefined && !Array.isArray(options[field]))
      throw invalid(`${field}: expected an array`, 'Leave it out, or pass a list.');
}

/** What a model gives, profiled as a feature. */
function profileOutput(
  feature: string,
  field: string,
  values: readonly number[] | undefined,
  bins: number,
): FeatureReference[] {
  if (values === undefined) return [];
  if (!values.some(Number.isFinite))
    throw invalid(`${field}: none is a finite number`, 'Leave them out, or check them.');
  return [
    profileNumeric(
      feature,
      values.map((value) => ({ [feature]: value })),
      bins,
    ),
  ];
}

function meanOf(labels: readonly number[]): { n: number; mean: number } {
  const finite = labels.filter((label) => Number.isFinite(label));
  if (finite.length === 0) throw invalid('labels: none is a finite number', 'Leave them out, or check them.');
  // About the first one, so that labels of 1e9 ± 1 keep their digits.
  const [first = 0] = finite;
  return { n: finite.length, mean: first + finite.reduce((sum, label) => sum + (label - first), 0) / finite.length };
}

function checkedBins(bins: number): number {
  if (Number.isInteger(bins) && bins >= 2 && bins <= 200) return bins;
  throw invalid(`bins: ${bins} is not a whole number from 2 to 200`, 'Leave it out for the default of 20.');
}

function namesOf(rows: readonly FeatureRow[]): string[] {
  const names = new Set<string>();
  for (const row of rows) for (const name of Object.keys(row)) names.add(name);
  return [...names];
}

function profileFeature(
  name: string,
  rows: readonly FeatureRow[],
  categorical: boolean,
  bins: number,
): FeatureReference {
  const type = categorical ? 'categorical' : typeOf(name, rows);
  return type === 'numeric' ? profileNumeric(name, rows, bins) : profileCategorical(name, rows);
}

function typeOf(name: string, rows: readonly FeatureRow[]): FeatureType {
  for (const row of rows) {
    const value = row[name];
    if (value === null || value === undefined || Number.isNaN(value)) continue;
    return typeof value === 'number' ? 'numeric' : 'categorical';
  }
  throw invalid(`feature "${name}": no row has a value`, 'Check the spelling, or leave the feature out.');
}

function profileNumeric(name: string, rows: readonly FeatureRow[], bins: number): NumericReference {
  const present: number[] = [];
  for (const row of rows) {
    const value = row[name];
    if (typeof value === 'number' && Number.isFinite(value)) present.push(value);
  }
  if (present.length === 0)
    throw invalid(`feature "${name}": no row has a finite number`, 'Name it as categorical, or leave it out.');
  const { values, counts } = distinct(Float64Array.from(present).sort());
  const sample = { values, counts, total: present.length };
  const edges = quantileEdges(sample, bins);
  const thin = orderStatistics(sample, MAX_DISTINCT);
  return {
    feature: name,
    type: 'numeric',
    n: present.length,
    missing: rows.length - present.length,
    edges,
    counts: binCounts(edges, sample),
    values: thin.values,
    valueCounts: thin.counts,
  };
}

function distinct(sorted: Float64Array): { values: number[]; counts: number[] } {
  const values: number[] = [];
  const counts: number[] = [];
  for (const raw of sorted) {
    const value = raw === 0 ? 0 : raw; // −0 and 0 are one value, also in JSON
    if (values.length > 0 && values[values.length - 1] === value) counts[counts.length - 1]!++;
    else {
      values.push(value);
      counts.push(1);
    }
  }
  return { values, counts };
}

function profileCategorical(name: string, rows: readonly FeatureRow[]): CategoricalReference {
  const tally = new Map<string, number>();
  let n = 0;
  for (const row of rows) {
    const value = row[name];
    if (value === null || value === undefined || Number.isNaN(value)) continue;
    tally.set(String(value), (tally.get(String(value)) ?? 0) + 1);
    n++;
  }
  if (n === 0) throw invalid(`feature "${name}": no row has a value`, 'Check the spelling, or leave the feature out.');
  const ranked = [...tally].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  const kept = ranked.slice(0, MAX_CATEGORIES);
  const other = ranked.slice(MAX_CATEGORIES).reduce((sum, [, count]) => sum + count, 0);
  return {
    feature: name,
    type: 'categorical',
    n,
    missing: rows.length - n,
    categories: kept.map(([category]) => category),
    counts: kept.map(([, count]) => count),
    other,
  };
}

function countClasses(predictions: readonly ClassValue[]): Record<string, number> {
  const tally = new Map<string, number>();
  for (const value of predictions) tally.set(String(value), (tally.get(String(value)) ?? 0) + 1);
  return Object.fromEntries([...tally].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function invalid(message: string, help: string): PlumblineError {
  return new PlumblineError('invalid_configuration', message, help);
}
