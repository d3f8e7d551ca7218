/** Does the interval of the expected calibration error hold the truth, although the error itself always lies above it? */
import { expectedCalibrationError } from '../../../../collector/src/performance/calibration/calibration-error.ts';
import {
  calibrationAlgebra,
  calibrationBin,
  CALIBRATION_BINS,
} from '../../../../collector/src/performance/calibration/calibration-state.ts';
import { seeded, type Uniform } from '../support/draw-samples.ts';

const RUNS = 100;
/** What the docstring says at the least, less 3 Monte-Carlo standard errors. */
const LEAST = 0.88 - 3 * Math.sqrt((0.88 * 0.12) / RUNS);

/** Draws scored samples whose true probability is known. @returns the report, and the error of the same scores without chance */
function draw(samples: number, score: Uniform, truth: (score: number) => number, uniform: Uniform) {
  const state = calibrationAlgebra.create();
  const gaps = new Float64Array(CALIBRATION_BINS);
  for (let sample = 0; sample < samples; sample++) {
    const own = score();
    gaps[calibrationBin(own)]! += truth(own) - own;
    calibrationAlgebra.record(state, { score: own, positive: true, correct: uniform() < truth(own) });
  }
  return {
    report: expectedCalibrationError(state),
    error: gaps.reduce((sum, gap) => sum + Math.abs(gap) / samples, 0),
  };
}

const uniform = seeded(11);
const evenly: Uniform = uniform;
const mostlyLow: Uniform = () => uniform() ** 4;
const twoScores: Uniform = () => (uniform() < 0.5 ? 0.1 : 0.9);
const truths: readonly [string, (score: number) => number][] = [
  ['calibrated', (score) => score],
  ['a little too low', (score) => Math.min(1, score + 0.02)],
  ['too sure', (score) => 0.5 + (score - 0.5) * 0.8],
  ['squared', (score) => score * score],
  ['a tenth too low', (score) => Math.min(1, score + 0.1)],
];

describe.each([
  ['scores from 0 to 1', evenly],
  ['mostly low scores', mostlyLow],
  ['two scores', twoScores],
])('%s', (_name, score) => {
  test.each(truths.flatMap(([name, truth]) => [30, 600].map((n) => [name, n, truth] as const)))(
    '%s, %i samples: the truth lies in it, and the value too',
    (name, n, truth) => {
      let [held, atZero, sound] = [0, 0, 0];
      for (let run = 0; run < RUNS; run++) {
        const { report, error } = draw(n, score, truth, uniform);
        const [value, low, high] = [report.value as number, report.low as number, report.high as number];
        sound += Number(0 <= low && low <= value && value <= high && low < high && high <= 1);
        held += Number(low <= error + 1e-12 && error <= high);
        atZero += Number(low === 0);
      }
      expect(sound).toBe(RUNS);
      expect(held / RUNS).toBeGreaterThanOrEqual(LEAST);
      if (name === 'calibrated') expect(atZero / RUNS).toBeGreaterThan(0.93);
    },
  );
});

test('one sample, all right, all wrong: a width, and never beyond 0 and 1', () => {
  for (const [score, correct, count] of [
    [0, false, 1],
    [1, true, 1],
    [0, true, 1],
    [1, false, 1_000],
    [0.5, true, 1],
    [0, false, 1e9],
  ] as const) {
    const state = calibrationAlgebra.create();
    calibrationAlgebra.record(state, { score, positive: true, correct, count });
    const { value, low, high, method } = expectedCalibrationError(state);
    expect([method, low! >= 0, low! <= value!, high! >= value!, high! <= 1, low! < high!]).toEqual([
      'inversion',
      ...[true, true, true, true, true],
    ]);
  }
});
