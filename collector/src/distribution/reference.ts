/** The reference profile: the frozen picture of the data a model was made on, against which drift is judged. */
import type { FeatureType } from '../prediction.ts';
import { checkRecord, refused } from './arguments.ts';

/** Says what a file is, whatever it is called. */
export const REFERENCE_FORMAT = 'plumbline.reference';
/** Raised when a reader of this release could no longer read what it writes. */
export const REFERENCE_VERSION = 1;

/** More distinct values than this are thinned to so many order statistics; the error of KS is then at most 1/10,000. */
export const MAX_DISTINCT = 10_000;
/** Categories kept by name; the rest share `__other__`. */
export const MAX_CATEGORIES = 100;

/** A numeric feature: quantile bins for counters and PSI/JS, distinct values with counts for exact Kolmogorov–Smirnov. */
export interface NumericReference {
  readonly feature: string;
  readonly type: 'numeric';
  /** Rows with a finite value. */
  readonly n: number;
  readonly missing: number;
  /** Upper bounds of all bins but the last, ascending. */
  readonly edges: readonly number[];
  /** Rows per bin, `edges.length + 1` numbers. */
  readonly counts: readonly number[];
  /** Distinct values ascending, and how many rows hold each. */
  readonly values: readonly number[];
  readonly valueCounts: readonly number[];
}

/** A categorical feature: rows per category, heaviest first; `other` counts what was beyond the kept ones. */
export interface CategoricalReference {
  readonly feature: string;
  readonly type: 'categorical';
  readonly n: number;
  readonly missing: number;
  readonly categories: readonly string[];
  readonly counts: readonly number[];
  readonly other: number;
}

/** One feature of a reference. */
export type FeatureReference = NumericReference | CategoricalReference;

/** The frozen picture of all features, with the digest that names it. */
export interface ReferenceProfile {
  readonly format: typeof REFERENCE_FORMAT;
  readonly version: typeof REFERENCE_VERSION;
  /** SHA-256 of the canonical content (everything but `digest` and `createdAt`), hexadecimal. */
  readonly digest: string;
  /** RFC 3339; not part of the digest. */
  readonly createdAt?: string;
  /** Rows profiled. */
  readonly rows: number;
  readonly features: readonly FeatureReference[];
  /** Rows per predicted class, when predictions were given. */
  readonly predictions?: Readonly<Record<string, number>>;
  /** The labels of a regression, when they were given. */
  readonly labels?: { readonly n: number; readonly mean: number };
}

/** @throws PlumblineError `invalid_request` when a value is no feature of a profile, or not of the type that is wanted */
export function checkFeatureReference(value: unknown, field: string, type?: FeatureType): void {
  checkRecord(value, field);
  const {
    feature,
    type: own,
    edges,
    categories,
  } = value as Partial<NumericReference & Omit<CategoricalReference, 'type'>>;
  const isKind = (own === 'numeric' && Array.isArray(edges)) || Array.isArray(categories);
  if (typeof feature === 'string' && isKind && (type === undefined || own === type)) return;
  throw refused(
    field,
    `a ${type ?? ''} feature of a reference profile`.replace('  ', ' '),
    'Pass an entry of its `features`.',
  );
}

/** The text of the `reference` label: the first 12 hexadecimal digits of the digest. */
export function referenceLabel(reference: ReferenceProfile): string {
  return reference.digest.slice(0, 12);
}

/** The declared or found type of each feature, in order. */
export type FeatureTypes = ReadonlyMap<string, FeatureType>;
