/** Scored samples against scikit-learn and NumPy (test/golden/performance/scores/generate.py says which versions and how). */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  calibrationAlgebra,
  calibrationBin,
} from '../../../../collector/src/performance/calibration/calibration-state.ts';
import {
  expectedCalibrationError,
  reliability,
} from '../../../../collector/src/performance/calibration/calibration-error.ts';
import { averagePrecision } from '../../../../collector/src/performance/scores/average-precision.ts';
import { classScoreAlgebra } from '../../../../collector/src/performance/scores/class-scores.ts';
import { rankScores } from '../../../../collector/src/performance/scores/ranked.ts';
import { placements, rocAuc } from '../../../../collector/src/performance/scores/roc-auc.ts';
import { logitScoreEdges, scoreAlgebra } from '../../../../collector/src/performance/scores/score-state.ts';

interface Case {
  readonly name: string;
  readonly scores: number[];
  readonly positives: number[];
  readonly roc_auc: number | null;
  readonly delong: number | null;
  readonly average_precision: number | null;
  readonly brier: number;
  readonly log_loss: number;
  readonly calibration?: { readonly ece: number; readonly expected: number; readonly quantile95: number };
}

interface SeveralClasses {
  readonly name: string;
  readonly classes: number;
  readonly probabilities: number[];
  readonly labels: number[];
  readonly log_loss: number;
  readonly brier: number;
}

const path = resolve(__dirname, '../../../golden/performance/scores/scores.json');
const golden = JSON.parse(readFileSync(path, 'utf8')) as {
  versions: Record<string, string>;
  cases: Case[];
  several: SeveralClasses[];
};
const calibrated = golden.cases.flatMap((item) =>
  item.calibration ? [{ ...item, calibration: item.calibration }] : [],
);

function recorded({ scores, positives }: Pick<Case, 'scores' | 'positives'>, edges = logitScoreEdges()) {
  const algebra = scoreAlgebra(edges);
  const state = algebra.create();
  scores.forEach((score, row) => algebra.record(state, { score, positive: positives[row] === 1 }));
  return algebra.read(state);
}

function calibrationOf({ scores, positives }: Pick<Case, 'scores' | 'positives'>) {
  const state = calibrationAlgebra.create();
  scores.forEach((score, row) => {
    const positive = score >= 0.5;
    calibrationAlgebra.record(state, { score, positive });
    calibrationAlgebra.record(state, { score, positive, correct: positive === (positives[row] === 1) });
  });
  return state;
}

/** Null stays null; numbers agree to `digits` places. */
function expectMeasured(actual: number | null | undefined, expected: number | null, digits: number): void {
  if (expected === null) expect(actual).toBeNull();
  else expect(actual).toBeCloseTo(expected, digits);
}

test('the golden file says what made it', () => {
  expect(Object.keys(golden.versions)).toEqual(['numpy', 'scikit-learn']);
  expect(golden.cases.length).toBeGreaterThan(15);
});

describe.each(golden.cases)('$name', (item) => {
  const { scores, positives } = item;

  test('ROC-AUC and its DeLong variance', () => {
    const measured = rocAuc(scores, positives);
    expect(measured.n).toBe(scores.length);
    expectMeasured(measured.value, item.roc_auc, 12);
    if (item.delong !== null) expect(placements(rankScores(scores, positives)).variance).toBeCloseTo(item.delong, 12);
  });

  test('average precision', () => {
    expectMeasured(averagePrecision(scores, positives).value, item.average_precision, 12);
  });

  test('Brier and logarithmic loss', () => {
    const { brier, logLoss } = recorded(item);
    expectMeasured(brier.value, item.brier, 12);
    expectMeasured(logLoss.value, item.log_loss, 12);
  });

  test('the binned areas hold the exact ones between worst and best, and the interval holds both', () => {
    for (const edges of [logitScoreEdges(), [], [0.5], [0.1, 0.2, 0.4, 0.8]]) {
      const reading = recorded(item, edges);
      for (const [area, exact] of [
        [reading.rocAuc, item.roc_auc],
        [reading.averagePrecision, item.average_precision],
      ] as const) {
        expect(area.n).toBe(scores.length);
        if (exact === null) {
          expect([area.value, area.worst, area.best, area.low, area.high]).toEqual([null, null, null, null, null]);
          continue;
        }
        const { worst, best, value, low, high } = area as Record<'worst' | 'best' | 'value' | 'low' | 'high', number>;
        expect(worst).toBeLessThanOrEqual(exact + 1e-12);
        expect(best).toBeGreaterThanOrEqual(exact - 1e-12);
        expect([low <= worst, worst <= value + 1e-12, value <= best + 1e-12, best <= high]).toEqual([
          true,
          true,
          true,
          true,
        ]);
      }
    }
  });
});

test.each(calibrated)('expected calibration error: $name', (item) => {
  const { value, expected, quantile95, n, miscalibrated } = expectedCalibrationError(calibrationOf(item));
  expect(n).toBe(item.scores.length);
  expect(value).toBeCloseTo(item.calibration.ece, 12);
  // Theirs is simulated with the single scores, ours in closed form with the bins' mean scores.
  expect(expected! / item.calibration.expected).toBeGreaterThan(0.98);
  expect(expected! / item.calibration.expected).toBeLessThan(1.02);
  expect(quantile95! / item.calibration.quantile95).toBeGreaterThan(0.97);
  expect(quantile95! / item.calibration.quantile95).toBeLessThan(1.03);
  expect(miscalibrated).toBe(item.calibration.ece > item.calibration.quantile95);
});

test('an interval is never of zero width, and holds the value', () => {
  for (const item of golden.cases.filter(({ roc_auc }) => roc_auc !== null)) {
    for (const { value, low, high } of [
      rocAuc(item.scores, item.positives),
      averagePrecision(item.scores, item.positives),
    ]) {
      expect(low! < high!).toBe(true);
      expect(low! <= value! && value! <= high!).toBe(true);
    }
  }
});

test('bins of calibration: 15 of equal width, the last one closed', () => {
  expect([0, 1 / 15, 0.5, 14 / 15, 0.999, 1].map(calibrationBin)).toEqual([0, 1, 7, 14, 14, 14]);
});

test('the reliability diagram shows each bin with its mean score and share of positives', () => {
  const bins = reliability(calibrationOf({ scores: [0.51, 0.52, 0.1, 1], positives: [1, 0, 1, 1] }));
  expect(bins.filter(({ n }) => n > 0).map(({ from, n, score, positive }) => [from, n, score, positive.value])).toEqual(
    [
      [1 / 15, 1, 0.1, 1],
      [7 / 15, 2, 0.515, 0.5],
      [14 / 15, 1, 1, 1],
    ],
  );
  expect(bins).toHaveLength(15);
});

test.each(golden.several)('several classes: $name', ({ classes, probabilities, labels, log_loss, brier }) => {
  const state = classScoreAlgebra.create();
  labels.forEach((label, row) =>
    classScoreAlgebra.record(state, { probabilities: probabilities.slice(row * classes, (row + 1) * classes), label }),
  );
  const reading = classScoreAlgebra.read(state);
  expect(reading.n).toBe(labels.length);
  expect(reading.logLoss.value).toBeCloseTo(log_loss, 12);
  expect(reading.brier.value).toBeCloseTo(brier, 12);
});

test('a perfect order is 1 to the last digit, and its interval ends there', () => {
  for (const [p, q] of [
    [27, 18],
    [3, 7],
    [49, 11],
  ] as const) {
    const scores = [...new Array<number>(q).fill(0.1), ...new Array<number>(p).fill(0.9)];
    const positives = scores.map((score) => Number(score > 0.5));
    expect(rocAuc(scores, positives)).toMatchObject({ value: 1, high: 1 });
  }
});
