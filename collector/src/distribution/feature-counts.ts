/**
 * One feature as a stream: its values by the bins or categories of a reference, and what was wrong with them. The counts of windows,
 * replicas and restarts add up, and drift is judged of the sum (drift/windows.ts `windowOfBins`).
 */
import type { FeatureValue } from '../prediction.ts';
import { BinFinder } from './bin-finder.ts';
import { checkFeatureReference, type FeatureReference } from './reference.ts';
import { checkKind, foreignState, openState, type StreamAlgebra } from './state.ts';

/** Why a value is in no bin, or only among all that have no name of their own (`unseen`). */
export const VALUE_FAULTS = ['missing', 'type', 'range', 'unseen'] as const;

/** Counts of one feature. */
export interface FeatureCounts {
  readonly feature: string;
  /** Upper bounds of the bins but the last, or the categories but the last, which holds all others: what the counts are of. */
  readonly bounds: readonly (number | string)[];
  /** Values per bin or category. */
  readonly counts: Float64Array;
  /** Values by what was wrong with them; an unseen category is among `counts` too. */
  readonly faults: Record<(typeof VALUE_FAULTS)[number], number>;
}

/** Counts, and how many values they are of. */
export interface FeatureCountsReading extends FeatureCounts {
  /** Values in a bin or category. */
  readonly n: number;
  /** All values recorded. */
  readonly rows: number;
}

const FORMAT = 'plumbline.feature-counts';
const VERSION = 1;

/**
 * The algebra of one feature of a reference. Counts merge exactly in any order. `record` takes anything and throws never: null, undefined
 * and NaN are missing, an infinity is out of range, text where numbers are wanted (and an object anywhere) is of the wrong type, a
 * category the reference does not have is unseen. What is no feature of a reference is refused (`invalid_request`). Cost: `record` O(1), all else O(bins).
 */
export function featureCountsAlgebra(
  reference: FeatureReference,
): StreamAlgebra<FeatureCounts, FeatureValue, FeatureCountsReading> {
  checkFeatureReference(reference, 'reference');
  const { feature } = reference;
  const bounds = reference.type === 'numeric' ? reference.edges : reference.categories;
  const record =
    reference.type === 'numeric' ? numericRecorder(reference.edges) : categoryRecorder(reference.categories);
  const create = (): FeatureCounts => ({
    ...{ feature, bounds, counts: new Float64Array(bounds.length + 1) },
    faults: { missing: 0, type: 0, range: 0, unseen: 0 },
  });
  return {
    create,
    record,
    merge(state, other) {
      checkKind(other, FORMAT, 'feature', 'bounds', 'counts', 'faults');
      if (!isAlike(state, other)) throw foreignState(`bounds: "${other.feature}" was counted in other bins`);
      for (let bin = 0; bin < state.counts.length; bin++) state.counts[bin]! += other.counts[bin] as number;
      for (const fault of VALUE_FAULTS) state.faults[fault] += other.faults[fault];
    },
    read(state) {
      const n = state.counts.reduce((sum, count) => sum + count, 0);
      const { missing, type, range } = state.faults;
      return { ...state, n, rows: n + missing + type + range };
    },
    serialise: ({ counts, faults }) => ({
      format: FORMAT,
      version: VERSION,
      data: { feature, bounds: [...bounds], counts: Array.from(counts), faults: { ...faults } },
    }),
    parse: (value) => parseCounts(openState(value, FORMAT, VERSION), create()),
  };
}

type Recorder = (state: FeatureCounts, value: FeatureValue) => void;

function numericRecorder(edges: readonly number[]): Recorder {
  const bins = new BinFinder(edges);
  return ({ counts, faults }, value) => {
    if (typeof value === 'number' && Number.isFinite(value)) counts[bins.find(value)]! += 1;
    else if (value === undefined || value === null || Number.isNaN(value)) faults.missing++;
    else faults[typeof value === 'number' ? 'range' : 'type']++;
  };
}

function categoryRecorder(categories: readonly string[]): Recorder {
  const index = new Map(categories.map((category, place) => [category, place]));
  return ({ counts, faults }, value) => {
    if (value === undefined || value === null || Number.isNaN(value)) faults.missing++;
    else if (typeof value === 'object' || typeof value === 'function') faults.type++;
    else {
      const known = index.get(String(value));
      if (known === undefined) faults.unseen++;
      counts[known ?? categories.length]! += 1;
    }
  };
}

function isAlike(a: Pick<FeatureCounts, 'feature' | 'bounds'>, b: Pick<FeatureCounts, 'feature' | 'bounds'>): boolean {
  const sameBounds = a.bounds.length === b.bounds.length && a.bounds.every((bound, index) => bound === b.bounds[index]);
  return a.feature === b.feature && (a.bounds === b.bounds || sameBounds);
}

function parseCounts(value: unknown, state: FeatureCounts): FeatureCounts {
  const { feature, bounds, counts, faults } = recordOf(value, 'data');
  const named = { feature: feature as string, bounds: bounds as FeatureCounts['bounds'] };
  if (typeof feature !== 'string' || !Array.isArray(bounds) || !isAlike(state, named))
    throw foreignState('bounds: the values were counted in other bins, or are of another feature');
  if (!Array.isArray(counts) || counts.length !== state.counts.length || !counts.every(isCount))
    throw foreignState('counts: expected a whole number per bin');
  state.counts.set(counts as number[]);
  const given = recordOf(faults, 'faults');
  for (const fault of VALUE_FAULTS) {
    if (!isCount(given[fault])) throw foreignState(`faults.${fault}: expected a whole number`);
    state.faults[fault] = given[fault];
  }
  return state;
}

function recordOf(value: unknown, field: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>;
  throw foreignState(`${field}: expected an object`);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
