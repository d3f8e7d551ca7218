/** The statistics of one feature in one window; which of them decide is fixed by the feature's type. */
import { binnedNull, type NullOptions } from './categorical-null.ts';
import { jensenShannon, totalOf } from './jensen-shannon.ts';
import { kolmogorovSmirnov, ksNullQuantile } from './kolmogorov-smirnov.ts';
import { populationStability } from './psi.ts';
import type { ValueCounts } from './samples.ts';

/** What a window holds of a numeric feature: the values for Kolmogorov–Smirnov, reference-quantile bins for the rest. */
export interface NumericWindow {
  readonly feature: string;
  readonly type: 'numeric';
  readonly reference: ValueCounts;
  readonly current: ValueCounts;
  readonly referenceBins: ArrayLike<number>;
  readonly currentBins: ArrayLike<number>;
}

/** Counts of the same categories in the same order, the last of them all that have no name of their own. */
export interface CategoricalWindow {
  readonly feature: string;
  readonly type: 'categorical';
  readonly reference: ArrayLike<number>;
  readonly current: ArrayLike<number>;
}

/** What one feature held in a window, beside its reference. */
export type FeatureWindow = NumericWindow | CategoricalWindow;

/** A test before the adjustment over all features; NaN where a side is empty. */
export interface RawTest {
  readonly statistic: 'ks' | 'js' | 'psi';
  readonly decides: boolean;
  readonly value: number;
  readonly threshold: number;
  readonly nullQuantile: number;
  readonly pValue: number;
  readonly n: number;
  readonly m: number;
  readonly bins?: number;
  readonly method: 'exact' | 'asymptotic' | 'chi-square' | 'permutation';
}

/** A feature with its tests, the deciding one first. */
export interface TestedFeature {
  readonly feature: string;
  readonly type: 'numeric' | 'categorical';
  readonly tests: readonly RawTest[];
}

/** How features are tested. */
export interface TestOptions extends NullOptions {
  /** Threshold of the deciding statistic. */
  readonly threshold: number;
}

const PSI_THRESHOLD = 0.1;

/** Runs all tests of a feature: Kolmogorov–Smirnov decides for numbers, Jensen–Shannon for categories. */
export function testFeature(window: FeatureWindow, options: TestOptions): TestedFeature {
  const { feature, type } = window;
  return {
    feature,
    type,
    tests: type === 'numeric' ? numericTests(window, options) : categoricalTests(window, options),
  };
}

function numericTests(window: NumericWindow, options: TestOptions): RawTest[] {
  return [
    kolmogorovSmirnovTest(window, options),
    binnedTest('js', window.referenceBins, window.currentBins, { decides: false, options }),
    binnedTest('psi', window.referenceBins, window.currentBins, { decides: false, options }),
  ];
}

function categoricalTests(window: CategoricalWindow, options: TestOptions): RawTest[] {
  return [
    binnedTest('js', window.reference, window.current, { decides: true, options }),
    binnedTest('psi', window.reference, window.current, { decides: false, options }),
  ];
}

function kolmogorovSmirnovTest(window: NumericWindow, options: TestOptions): RawTest {
  const [n, m] = [window.current.total, window.reference.total];
  const { statistic, pValue, method } = kolmogorovSmirnov(window.reference, window.current);
  return {
    statistic: 'ks',
    decides: true,
    value: statistic,
    threshold: options.threshold,
    nullQuantile: n > 0 && m > 0 ? Math.min(1, ksNullQuantile(options.alpha, n, m)) : Number.NaN,
    pValue,
    n,
    m,
    method,
  };
}

function binnedTest(
  statistic: 'js' | 'psi',
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
  { decides, options }: { readonly decides: boolean; readonly options: TestOptions },
): RawTest {
  const compute = statistic === 'js' ? jensenShannon : populationStability;
  const { pValue, nullQuantile, method } = binnedNull(statistic, reference, current, options);
  return {
    statistic,
    decides,
    value: compute(reference, current),
    threshold: statistic === 'js' ? options.threshold : PSI_THRESHOLD,
    nullQuantile,
    pValue,
    n: totalOf(current),
    m: totalOf(reference),
    bins: reference.length,
    method,
  };
}
