/** Estimates without labels against NannyML (test/golden/performance/estimates/generate.py says which version and how). */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  calibrationAlgebra,
  type CalibrationState,
} from '../../../../collector/src/performance/calibration/calibration-state.ts';
import { binnedCbpe, type FineScores } from '../../../../collector/src/performance/estimates/binned-cbpe.ts';
import { cbpeBinary, cbpeMulticlass } from '../../../../collector/src/performance/estimates/cbpe.ts';
import { isotonicFit } from '../../../../collector/src/performance/estimates/isotonic.ts';
import {
  estimateLoss,
  lossAlgebra,
  type LossState,
} from '../../../../collector/src/performance/estimates/loss-estimation.ts';

type Numbers = Readonly<Record<string, number>>;
type Cells = Readonly<Record<'predictions' | 'labeled' | 'correct' | 'score', number[]>>;
type Losses = Readonly<Record<'predictions' | 'labeled' | 'absolute' | 'squared' | 'fourth', number[]>>;
interface Golden {
  readonly versions: Record<string, string>;
  readonly exact: readonly {
    readonly name: string;
    readonly scores: number[];
    readonly probabilities: number[];
    readonly predicted: number[];
    readonly estimates: Readonly<Record<string, number | null>>;
  }[];
  readonly multiclass: readonly {
    readonly name: string;
    readonly classes: number;
    readonly probabilities: number[];
    readonly predicted: number[];
    readonly estimates: Numbers;
  }[];
  readonly streams: readonly {
    readonly name: string;
    readonly reference: Cells;
    readonly analysis: Cells;
    readonly fine: Readonly<Record<'reference' | 'analysis', FineScores>>;
    readonly estimates: Numbers;
    readonly realised: Numbers;
  }[];
  readonly isotonic: readonly { readonly y: number[]; readonly weight: number[]; readonly fit: number[] }[];
  readonly losses: {
    readonly edges: number[];
    readonly reference: Losses;
    readonly analysis: Losses;
    readonly nannyml: Numbers;
    readonly realised: Numbers;
    readonly before: Numbers;
  };
}

const path = resolve(__dirname, '../../../golden/performance/estimates/estimates.json');
const golden = JSON.parse(readFileSync(path, 'utf8')) as Golden;
const METRICS = ['accuracy', 'precision', 'recall', 'specificity', 'f1', 'roc_auc'] as const;

function columns<Field extends string>(cells: Readonly<Record<Field, number[]>>): Record<Field, Float64Array> {
  return Object.fromEntries(
    Object.entries(cells).map(([field, values]) => [field, Float64Array.from(values as number[])]),
  ) as Record<Field, Float64Array>;
}

test('the golden file says what made it', () => {
  expect(golden.versions['nannyml']).toMatch(/^0\.13/);
});

describe.each(golden.exact)(
  'given the same probabilities: $name',
  ({ scores, probabilities, predicted, estimates }) => {
    const ours = cbpeBinary(probabilities, predicted, scores);

    test.each(METRICS)('%s', (metric) => {
      const { value, n, low, high, estimated } = ours[metric];
      expect([n, estimated]).toEqual([scores.length, true]);
      const expected = estimates[metric];
      if (expected === null || expected === undefined) return expect(value).toBeNull();
      expect(Math.abs((value as number) - expected)).toBeLessThanOrEqual(1e-9);
      expect(low! <= value! && value! <= high! && low! < high!).toBe(true);
    });
  },
);

describe.each(golden.multiclass)('several classes: $name', ({ classes, probabilities, predicted, estimates }) => {
  const ours = cbpeMulticlass(probabilities, predicted, classes);

  test.each(['accuracy', 'precision_macro', 'recall_macro', 'specificity_macro', 'f1_macro', 'roc_auc_macro'] as const)(
    '%s',
    (metric) => {
      const { value, low, high } = ours[metric];
      expect(Math.abs((value as number) - (estimates[metric] as number))).toBeLessThanOrEqual(1e-9);
      expect(low! <= value! && value! <= high!).toBe(true);
    },
  );

  test('each class by itself is there too', () => {
    expect(ours.classes).toHaveLength(classes);
  });
});

describe.each(golden.streams)('from counters alone: $name', ({ reference, analysis, fine, estimates, realised }) => {
  const scores = { ...fine.reference, predictions: fine.analysis.predictions };
  const ours = binnedCbpe(columns(analysis), columns(reference), scores);

  test.each(METRICS)('%s within 0.01 of NannyML', (metric) => {
    expect(Math.abs((ours[metric].value as number) - (estimates[metric] as number))).toBeLessThanOrEqual(0.01);
  });

  test.each(['accuracy', 'precision', 'recall', 'f1'] as const)(
    '%s: one and a half intervals hold what came true',
    (metric) => {
      const { value, low, high } = ours[metric];
      // One and a half times as wide as 95 %: three standard errors, of twelve values from one draw each.
      const reach = 1.5 * Math.max(value! - low!, high! - value!);
      expect(Math.abs((realised[metric] as number) - value!)).toBeLessThanOrEqual(reach);
    },
  );

  test('nearly all predictions rest on labels', () => {
    expect(ours.calibrated_share).toBeGreaterThan(0.99);
  });

  test('the plain sum a recording rule takes gives the same accuracy', () => {
    const [now, labels] = [columns(analysis), columns(reference)];
    let [right, all] = [0, 0];
    now.predictions.forEach((count, cell) => {
      if ((labels.labeled[cell] as number) === 0) return;
      right += (count * (labels.correct[cell] as number)) / (labels.labeled[cell] as number);
      all += count;
    });
    expect(Math.abs(right / all - (estimates['accuracy'] as number))).toBeLessThanOrEqual(0.01);
  });
});

test('concept drift cannot be seen: labels turn around, the estimate stays', () => {
  const record = (flip: boolean): CalibrationState => {
    const state = calibrationAlgebra.create();
    for (let row = 0; row < 3_000; row++) {
      const score = (row % 100) / 100;
      const positive = score >= 0.5;
      const label = ((row * 7) % 100) / 100 < score;
      calibrationAlgebra.record(state, { score, positive });
      calibrationAlgebra.record(state, { score, positive, correct: (label !== flip) === positive });
    }
    return state;
  };
  const [before, after] = [record(false), record(true)];
  const sum = (cells: Float64Array): number => cells.reduce((total, count) => total + count, 0);
  const realised = sum(after.correct) / sum(after.labeled);
  expect(realised).toBeLessThan(0.3);
  expect(binnedCbpe(after, before).accuracy.value).toBeCloseTo(1 - realised, 1);
});

test('without any label the scores speak, and the answer says so', () => {
  const state = calibrationAlgebra.create();
  for (const score of [0.1, 0.9, 0.95]) calibrationAlgebra.record(state, { score, positive: score > 0.5 });
  const { accuracy, calibrated_share } = binnedCbpe(state, state);
  expect(calibrated_share).toBe(0);
  expect(accuracy.value).toBeCloseTo((0.9 + 0.9 + 0.9667) / 3, 3);
});

describe('errors of a regression', () => {
  const { edges, reference, analysis, nannyml, realised, before } = golden.losses;
  const state = (losses: Losses): LossState => ({ edges, ...columns(losses) });
  const ours = estimateLoss(state(analysis), state(reference));

  test.each(['mae', 'rmse'] as const)('%s: sees the larger errors of larger predictions', (metric) => {
    const [value, truth, old] = [ours[metric].value!, realised[metric]!, before[metric]!];
    expect(truth / old).toBeGreaterThan(1.2);
    // What lies beyond the reference's last edge is one bin for us; NannyML's trees end there too.
    expect(Math.abs(value / truth - 1)).toBeLessThan(0.05);
    expect(Math.abs(nannyml[metric]! / truth - 1)).toBeLessThan(0.05);
    expect(ours.calibrated_share).toBe(1);
  });

  test('counted row by row it is the same', () => {
    const algebra = lossAlgebra([0, 10]);
    const counted = algebra.create();
    for (let row = 0; row < 60; row++) {
      const predicted = row < 30 ? -5 : 20;
      algebra.record(counted, { predicted });
      algebra.record(counted, { predicted, actual: predicted + (row < 30 ? 1 : -3) });
    }
    algebra.record(counted, { predicted: 5 });
    const { mae, rmse, calibrated_share } = algebra.read(counted);
    // The one in the middle has no labels: the nearest bin below speaks for it.
    expect(mae.value).toBeCloseTo((31 * 1 + 30 * 3) / 61, 12);
    expect(rmse.value).toBeCloseTo(Math.sqrt((31 * 1 + 30 * 9) / 61), 12);
    expect(calibrated_share).toBeCloseTo(60 / 61, 12);
  });
});

test.each(golden.isotonic)('isotonic regression of $y.length points as scikit-learn', ({ y, weight, fit }) => {
  const { value } = isotonicFit(y, weight);
  fit.forEach((expected, point) => expect(value[point]).toBeCloseTo(expected, 12));
});

test('isotonic regression: points of no weight take the step below, at the lower end the one above; none at all is NaN', () => {
  const { value, weight } = isotonicFit([NaN, 1, NaN, NaN, 3, NaN], [0, 2, 0, 0, 5, 0]);
  expect(Array.from(value)).toEqual([1, 1, 1, 1, 3, 3]);
  expect(Array.from(weight)).toEqual([2, 2, 2, 2, 5, 5]);
  expect(Array.from(isotonicFit([NaN, NaN], [0, 0]).value)).toEqual([NaN, NaN]);
  expect(isotonicFit([], []).value).toHaveLength(0);
});

test('few labels that were all right do not make an estimate sure', () => {
  const fine = { predictions: [60, 60], positives: [0, 30], negatives: [30, 0] };
  const none = calibrationAlgebra.create();
  const { value, low, high } = binnedCbpe(none, none, fine).roc_auc;
  expect([value, high]).toEqual([1, 1]);
  expect(low).toBeGreaterThan(0.9);
  expect(low).toBeLessThan(0.99);
});
