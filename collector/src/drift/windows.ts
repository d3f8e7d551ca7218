/** Makes windows to test from what is at hand: two windows, scores, counts of classes. */
import { checkCounts, checkList, checkRecord, refused } from '../distribution/arguments.ts';
import { binCounts, quantileEdges } from '../distribution/bins.ts';
import type { FeatureCounts } from '../distribution/feature-counts.ts';
import { checkFeatureReference, type FeatureReference, type NumericReference } from '../distribution/reference.ts';
import { PlumblineError } from '../errors.ts';
import type { CategoricalWindow, FeatureWindow, NumericWindow } from './feature-tests.ts';
import { binnedSample, countValues, sampleOfProfile, thinned, type ValueCounts } from './samples.ts';

/** Order statistics a window is remembered by. */
const REMEMBERED = 256;
const NOTHING: ValueCounts = { values: new Float64Array(0), counts: new Float64Array(0), total: 0 };

/**
 * The current window against the previous one instead of against the reference, in the same bins or categories.
 * @throws PlumblineError `invalid_configuration` when the two are not of the same feature, type and bins. Cost: O(1).
 */
export function againstPrevious(previous: FeatureWindow, current: FeatureWindow): FeatureWindow {
  checkRecord(previous, 'previous');
  checkRecord(current, 'current');
  const { feature } = current;
  if (previous.type === 'numeric' && current.type === 'numeric') {
    const { current: reference, currentBins: referenceBins } = previous;
    const fits = previous.feature === feature && referenceBins.length === current.currentBins.length;
    if (fits) return { ...current, reference, referenceBins };
  }
  if (previous.type === 'categorical' && current.type === 'categorical') {
    const fits = previous.feature === feature && previous.current.length === current.current.length;
    if (fits) return { ...current, reference: previous.current };
  }
  throw new PlumblineError(
    'invalid_configuration',
    `drift: the previous window of "${previous.feature}" (${previous.type}) does not fit "${feature}" (${current.type})`,
    'Compare windows of one feature that were binned by the same reference.',
  );
}

/**
 * What is kept of a window for the next one to be compared with: numbers as 256 order statistics, so that the memory of a window
 * is not needed twice; D of Kolmogorov–Smirnov against the previous window is then right to 1/256, Wasserstein's distance to as much
 * of the range, and what is read from bins is exact.
 */
export function remembered(window: FeatureWindow): FeatureWindow {
  if (window.type === 'categorical') return window;
  const { feature, type, referenceBins, currentBins } = window;
  const current = thinned(window.current, REMEMBERED);
  // Not the reference: what is compared with this window takes its place.
  return { feature, type, reference: NOTHING, referenceBins, current, currentBins };
}

/**
 * Numbers (scores, predicted values, a feature) against the frozen profile of their reference.
 * @param values any order; what is not finite is left out. Cost: O(n log n).
 */
export function windowOfValues(feature: string, profile: NumericReference, values: ArrayLike<number>): NumericWindow {
  checkFeatureReference(profile, 'profile', 'numeric');
  const current = sampleOf(values, 'values');
  return {
    feature,
    type: 'numeric',
    reference: sampleOfProfile(profile),
    current,
    referenceBins: profile.counts,
    currentBins: binCounts(profile.edges, current),
  };
}

/**
 * Counts of a feature (`featureCountsAlgebra` of the same reference) against that reference. Of numbers D of Kolmogorov–Smirnov is a lower
 * bound, by at most the reference's largest share in one bin. @throws PlumblineError `invalid_configuration` when they are not of its bins
 */
export function windowOfBins(reference: FeatureReference, state: FeatureCounts): FeatureWindow {
  checkFeatureReference(reference, 'reference');
  checkRecord(state, 'counts');
  const { feature, counts } = state;
  checkList(counts, 'counts');
  const bins = reference.type === 'numeric' ? reference.counts : [...reference.counts, reference.other];
  if (feature !== reference.feature || counts.length !== bins.length)
    throw new PlumblineError(
      'invalid_configuration',
      `drift: counts of "${feature}" in ${counts.length} bins do not fit the reference of "${reference.feature}" in ${bins.length}`,
      'Count with featureCountsAlgebra of the same reference.',
    );
  if (reference.type === 'categorical') return { feature, type: 'categorical', reference: bins, current: counts };
  return {
    ...{ feature, type: 'numeric', referenceBins: bins, currentBins: counts },
    reference: binnedSample(reference, bins),
    current: binnedSample(reference, counts),
  };
}

/** The same against another sample at hand, in about `bins` (default 20) bins of its quantiles. Cost: O(n log n). */
export function windowOfSamples(
  feature: string,
  reference: ArrayLike<number>,
  values: ArrayLike<number>,
  bins?: number,
): NumericWindow {
  const [before, current] = [sampleOf(reference, 'reference'), sampleOf(values, 'values')];
  if (bins !== undefined && !(Number.isSafeInteger(bins) && bins >= 2))
    throw refused('bins', 'a whole number from 2', 'Leave it out for 20.');
  const edges = quantileEdges(before, bins);
  const [referenceBins, currentBins] = [binCounts(edges, before), binCounts(edges, current)];
  return { feature, type: 'numeric', reference: before, current, referenceBins, currentBins };
}

/** Counts per class (of predictions, of a categorical feature) against others; a class of one side only counts 0 on the other. */
export function windowOfCounts(
  feature: string,
  reference: ReadonlyMap<string, number>,
  current: ReadonlyMap<string, number>,
): CategoricalWindow {
  checkCounts(reference, 'reference');
  checkCounts(current, 'current');
  const classes = [...new Set([...reference.keys(), ...current.keys()])];
  const counts = (of: ReadonlyMap<string, number>): number[] => classes.map((name) => of.get(name) ?? 0);
  return { feature, type: 'categorical', reference: counts(reference), current: counts(current) };
}

function sampleOf(values: ArrayLike<number>, field: string): ValueCounts {
  checkList(values, field);
  const finite = Array.from(values).filter((value) => Number.isFinite(value));
  return countValues(Float64Array.from(finite).sort());
}
