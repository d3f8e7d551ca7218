/** Verdicts: who decides, what the other conditions are, and what is said when there is too little to say. */
import type { FeatureWindow } from '../../../collector/src/drift/feature-tests.ts';
import { predictionShift } from '../../../collector/src/drift/prediction-shift.ts';
import { countValues } from '../../../collector/src/drift/samples.ts';
import { judgeWindow, type DriftPolicy } from '../../../collector/src/drift/verdict.ts';

const POLICY: DriftPolicy = { threshold: 0.05, alpha: 0.01, minimum: 100, nullCalibration: true, seed: 1 };

/** `size` evenly spread values from `from` to `from + 1`. */
function evenly(size: number, from = 0): Float64Array {
  return Float64Array.from({ length: size }, (_, index) => from + index / size);
}

function bins(values: Float64Array): number[] {
  const counts = new Array<number>(10).fill(0);
  for (const value of values) counts[Math.min(9, Math.max(0, Math.floor(value * 10)))]!++;
  return counts;
}

function numeric(feature: string, reference: Float64Array, current: Float64Array): FeatureWindow {
  return {
    feature,
    type: 'numeric',
    reference: countValues(reference),
    current: countValues(current),
    referenceBins: bins(reference),
    currentBins: bins(current),
  };
}

function categorical(feature: string, reference: number[], current: number[]): FeatureWindow {
  return { feature, type: 'categorical', reference, current };
}

describe('judgeWindow', () => {
  test('numbers are decided by Kolmogorov–Smirnov, categories by Jensen–Shannon; the rest informs', () => {
    const { verdict, features } = judgeWindow(
      [numeric('load', evenly(5000), evenly(5000, 0.3)), categorical('day', [500, 500, 0], [100, 800, 100])],
      POLICY,
    );
    expect(verdict).toBe('drifted');
    expect(features.map(({ tests }) => tests.map(({ statistic, decides }) => [statistic, decides]))).toEqual([
      [
        ['ks', true],
        ['js', false],
        ['psi', false],
        ['wasserstein', false],
        ['chi2', false],
        ['hellinger', false],
        ['linf', false],
      ],
      [
        ['js', true],
        ['psi', false],
        ['chi2', false],
        ['hellinger', false],
        ['linf', false],
      ],
    ]);
    expect(features.map((feature) => feature.verdict)).toEqual(['drifted', 'drifted']);
    expect(features[0]?.tests[0]?.value).toBeCloseTo(0.3, 3);
    expect(features[1]?.tests[0]).toMatchObject({ n: 1000, m: 1000, bins: 3 });
  });

  test('a small change is not drift however sure it is', () => {
    const { features } = judgeWindow([numeric('load', evenly(10000), evenly(10000, 0.04))], POLICY);
    const ks = features[0]?.tests[0];
    expect(ks?.p_adjusted).toBeLessThan(0.01);
    expect(ks?.value).toBeLessThan(0.05);
    expect(features[0]?.verdict).toBe('stable');
  });

  test('a large distance that chance explains is not drift; without null calibration it is', () => {
    const window = [numeric('load', evenly(120), evenly(120, 0.1))];
    const [calibrated] = judgeWindow(window, POLICY).features;
    expect(calibrated?.tests[0]?.value).toBeGreaterThan(0.05);
    expect(calibrated?.tests[0]?.value).toBeLessThan(calibrated?.tests[0]?.null_quantile ?? 0);
    expect(calibrated?.verdict).toBe('stable');
    expect(judgeWindow(window, { ...POLICY, nullCalibration: false }).features[0]?.verdict).toBe('drifted');
  });

  test('the same p convinces alone and not among many features', () => {
    const odd = numeric('odd', evenly(500), evenly(500, 0.11));
    const calm = Array.from({ length: 60 }, (_, index) => numeric(`calm${index}`, evenly(500), evenly(500)));
    const alone = judgeWindow([odd], POLICY).features[0];
    const among = judgeWindow([odd, ...calm], POLICY).features[0];
    expect(alone?.verdict).toBe('drifted');
    expect(among?.tests[0]?.p_value).toBe(alone?.tests[0]?.p_value);
    expect(among?.tests[0]?.p_adjusted).toBeCloseTo(61 * (alone?.tests[0]?.p_value ?? 0), 10);
    expect(among?.verdict).toBe('stable');
  });

  test('below the minimum on either side there is no verdict, and the tests of others are not weighed down', () => {
    const few = numeric('few', evenly(99), evenly(5000, 0.5));
    const none = numeric('none', evenly(500), evenly(0));
    const { verdict, features } = judgeWindow([few, none], POLICY);
    expect(verdict).toBe('insufficient_data');
    expect(features.map((feature) => feature.verdict)).toEqual(['insufficient_data', 'insufficient_data']);
    expect(features[0]?.tests[0]).toMatchObject({ p_adjusted: null, drifted: false });
    expect(features[1]?.tests[0]).toMatchObject({ value: null, p_value: null, null_quantile: null, n: 0, m: 500 });
    const { features: judged } = judgeWindow([numeric('a', evenly(500), evenly(500, 0.2)), few], POLICY);
    expect(judged[0]?.tests[0]?.p_adjusted).toBe(judged[0]?.tests[0]?.p_value);
  });

  test('no features: nothing can be said', () => {
    expect(judgeWindow([], POLICY)).toEqual({ verdict: 'insufficient_data', drifted_share: null, features: [] });
  });

  test('rare categories are judged by permutation, and beyond its draws a certain change stays certain', () => {
    const { features } = judgeWindow([categorical('city', [900, 90, 5, 3, 2, 0], [200, 100, 300, 300, 97, 3])], POLICY);
    expect(features[0]?.tests[0]).toMatchObject({ method: 'permutation', drifted: true });
    expect(features[0]?.tests[0]?.p_value).toBeLessThan(1e-10);
    const calm = judgeWindow([categorical('city', [900, 90, 5, 3, 2], [880, 105, 8, 5, 2])], POLICY).features[0];
    expect(calm?.tests[0]?.p_value).toBeGreaterThan(0.05);
  });

  test('a category that can only be one thing has not drifted', () => {
    expect(judgeWindow([categorical('only', [500], [400])], POLICY).features[0]?.verdict).toBe('stable');
  });
});

describe('predictionShift', () => {
  const counts = (up: number, down: number) => new Map(Object.entries({ up, down }));

  test('needs a large change and one that chance does not make', () => {
    expect(predictionShift(counts(500, 500), counts(620, 380))).toMatchObject({
      class: 'up',
      threshold: 0.1,
      n: 1000,
      m: 1000,
      verdict: 'drifted',
    });
    expect(predictionShift(counts(500, 500), counts(590, 410)).verdict).toBe('stable');
    const noise = predictionShift(counts(100, 100), counts(123, 78));
    expect(noise.value).toBeGreaterThan(0.1);
    expect(noise.null_quantile).toBeGreaterThan(noise.value ?? 1);
    expect(noise.verdict).toBe('stable');
  });

  test('a class that appears or disappears counts', () => {
    expect(predictionShift(new Map([['a', 400]]), new Map([['b', 400]]))).toMatchObject({
      value: 1,
      verdict: 'drifted',
    });
  });

  test('without 200 predictions on both sides it says so', () => {
    expect(predictionShift(counts(199, 0), counts(0, 5000)).verdict).toBe('insufficient_data');
    expect(predictionShift(new Map(), counts(5, 5))).toMatchObject({ value: null, class: null, null_quantile: null });
  });
});
