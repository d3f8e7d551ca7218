/**
 * The verdict on one closed window: a feature has drifted when its deciding statistic is above the threshold *and* chance
 * alone would hardly reach it. A constant threshold alone alarms at random in small windows, a p-value alone at trifles in
 * large ones.
 */
import { checkList, checkRecord, refused } from '../distribution/arguments.ts';
import { benjaminiHochberg } from './benjamini-hochberg.ts';
import { directionOf, type DirectionVerdict } from './direction.ts';
import { testFeature, type FeatureWindow, type RawTest, type TestedFeature } from './feature-tests.ts';
import { judgeDataset } from './importance.ts';
import { resolvePolicy } from './policy-checks.ts';
import type { DriftPolicy } from './policy.ts';
import type { NullMethod, Statistic } from './statistics.ts';
import type { Verdict } from './verdict-names.ts';

export type { DriftPolicy } from './policy.ts';
export type { Verdict } from './verdict-names.ts';

/** One statistic on one feature in one window. Numbers are null where a side is empty (or a distance beyond 1e308). */
export interface FeatureTest {
  readonly statistic: Statistic;
  readonly value: number | null;
  /** Of `wasserstein` the plain distance, in the unit of the feature; `value` is it over the reference's standard deviation. */
  readonly distance?: number | null;
  readonly threshold: number;
  /** What chance alone exceeds with probability α in this test by itself. */
  readonly null_quantile: number | null;
  readonly p_value: number | null;
  /** Benjamini–Hochberg over the features: over all deciding tests, or all tests of this informing statistic. */
  readonly p_adjusted: number | null;
  /** Rows of the window. */
  readonly n: number;
  /** Rows of the reference. */
  readonly m: number;
  /** Bins or categories compared; absent for the exact Kolmogorov–Smirnov distance, which needs none. */
  readonly bins?: number;
  readonly drifted: boolean;
  /** How p was found. */
  readonly method: NullMethod;
  /** Whether this test decides the feature's verdict; the others inform. */
  readonly decides: boolean;
}

/** The verdict on one feature with all its tests. */
export interface FeatureVerdict {
  readonly feature: string;
  readonly type: 'numeric' | 'categorical';
  readonly verdict: Verdict;
  /** The deciding test first. It may have drifted while the feature's verdict is stable: see `direction`. */
  readonly tests: readonly FeatureTest[];
  /** Only where the policy declares a direction: a move that is not the one that counts makes the verdict `stable`. */
  readonly direction?: DirectionVerdict;
}

/** The verdicts on all features of a window, and on the window. */
export interface WindowVerdict {
  readonly verdict: Verdict;
  /** Share of importance that drifted among the features that could be judged; null when none could. */
  readonly drifted_share: number | null;
  readonly features: readonly FeatureVerdict[];
}

/**
 * Tests and judges all features of a window. None, or none with rows enough: `insufficient_data`. What is no finite number is not
 * in a window (windows.ts). Cost: that of the tests, up to about 20 ms for a numeric feature.
 * @param policy what differs from the defaults @throws PlumblineError `invalid_configuration` naming its field
 */
export function judgeWindow(features: readonly FeatureWindow[], policy: Partial<DriftPolicy> = {}): WindowVerdict {
  const complete = resolvePolicy(policy);
  checkWindows(features);
  return judgeTests(
    features.map((feature) => testFeature(feature, complete)),
    complete,
  );
}

function checkWindows(windows: readonly FeatureWindow[]): void {
  checkList(windows, 'features');
  windows.forEach((window, index) => {
    const field = `features[${index}]`;
    checkRecord(window, field);
    const { feature, type, reference, current } = window;
    const numeric = type === 'numeric' && [window.referenceBins, window.currentBins];
    if (typeof feature !== 'string' || !(numeric || type === 'categorical') || !reference || !current)
      throw refused(
        field,
        'a window',
        'Make one with windowOfValues, windowOfSamples, windowOfCounts or windowOfBins.',
      );
  });
}

/**
 * Judges features that are tested already, together, since their p-values are adjusted over them.
 * @returns `drifted` when more than the policy's share of importance drifted (default: any feature), `insufficient_data` when
 * none could be judged, else `stable`
 */
export function judgeTests(tested: readonly TestedFeature[], policy: DriftPolicy): WindowVerdict {
  const adjusted = adjustFamilies(
    tested.flatMap(({ tests }) => tests),
    policy.minimum,
  );
  const features = tested.map((feature) => judgeFeature(feature, adjusted, policy));
  const { verdict, share } = judgeDataset(features, policy);
  return { verdict, drifted_share: share, features };
}

function judgeFeature(
  { feature, type, tests: raw, location }: TestedFeature,
  adjusted: ReadonlyMap<RawTest, number>,
  policy: DriftPolicy,
): FeatureVerdict {
  const tests = raw.map((test) => judgeTest(test, adjusted.get(test) ?? null, policy));
  const decider = tests[0] as FeatureTest;
  const counts = policy.directions?.[feature];
  const direction = counts && location && directionOf(counts, location, policy.alpha);
  const drifted = decider.drifted && (!direction || direction.moved === direction.counts);
  const enough = hasEnough(decider, policy.minimum);
  const verdict = enough ? (drifted ? 'drifted' : 'stable') : 'insufficient_data';
  return { feature, type, verdict, tests, ...(direction && { direction }) };
}

/** Deciding tests are one family; each informing statistic is another. Tests without enough rows belong to none. */
function adjustFamilies(tests: readonly RawTest[], minimum: number): Map<RawTest, number> {
  const families = new Map<string, RawTest[]>();
  for (const test of tests) {
    if (!hasEnough(test, minimum)) continue;
    const name = test.decides ? 'deciding' : test.statistic;
    families.set(name, [...(families.get(name) ?? []), test]);
  }
  const adjusted = new Map<RawTest, number>();
  for (const family of families.values()) {
    const values = benjaminiHochberg(family.map((test) => test.pValue));
    family.forEach((test, index) => adjusted.set(test, values[index] as number));
  }
  return adjusted;
}

function judgeTest(test: RawTest, adjusted: number | null, policy: DriftPolicy): FeatureTest {
  const above = hasEnough(test, policy.minimum) && test.value > test.threshold;
  const byThreshold = !policy.nullCalibration && test.statistic !== 'chi2';
  const unlikely = byThreshold || (adjusted !== null && adjusted <= policy.alpha);
  return {
    statistic: test.statistic,
    value: orNull(test.value),
    ...(test.distance !== undefined && { distance: orNull(test.distance) }),
    threshold: test.threshold,
    null_quantile: orNull(test.nullQuantile),
    p_value: orNull(test.pValue),
    p_adjusted: adjusted,
    n: test.n,
    m: test.m,
    ...(test.bins !== undefined && { bins: test.bins }),
    drifted: above && unlikely,
    method: test.method,
    decides: test.decides,
  };
}

function hasEnough(test: { readonly n: number; readonly m: number }, minimum: number): boolean {
  return test.n >= minimum && test.m >= minimum;
}

/** A distance that overflowed cannot be written as JSON any more than one that does not exist; the verdict has seen it. */
function orNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
