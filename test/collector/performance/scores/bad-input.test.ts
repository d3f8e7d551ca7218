/** What measures of scores do with none, one, and with what is no score. */
import {
  expectedCalibrationError,
  reliability,
} from '../../../../collector/src/performance/calibration/calibration-error.ts';
import { calibrationAlgebra } from '../../../../collector/src/performance/calibration/calibration-state.ts';
import { averagePrecision } from '../../../../collector/src/performance/scores/average-precision.ts';
import { classScoreAlgebra } from '../../../../collector/src/performance/scores/class-scores.ts';
import { rocAuc } from '../../../../collector/src/performance/scores/roc-auc.ts';
import { logitScoreEdges, scoreAlgebra } from '../../../../collector/src/performance/scores/score-state.ts';
import { windowScoresAlgebra } from '../../../../collector/src/performance/scores/window-scores.ts';

const NOT_SCORES = [NaN, -0.1, 1.1, Infinity, -Infinity, '0.5', null, undefined, {}, true, 10n];
const scores = scoreAlgebra(logitScoreEdges());
const window = windowScoresAlgebra(10);
const UNKNOWN = { value: null, n: 0, low: null, high: null };

test('no samples: null with n 0', () => {
  expect(rocAuc([], [])).toEqual(UNKNOWN);
  expect(averagePrecision([], [])).toEqual(UNKNOWN);
  const { rocAuc: area, averagePrecision: precision, brier, logLoss, n } = scores.read(scores.create());
  expect([n, brier, logLoss]).toEqual([0, UNKNOWN, UNKNOWN]);
  expect([area, precision]).toEqual([
    { ...UNKNOWN, worst: null, best: null },
    { ...UNKNOWN, worst: null, best: null },
  ]);
  expect(window.read(window.create())).toEqual({ rocAuc: UNKNOWN, averagePrecision: UNKNOWN });
  const none = calibrationAlgebra.create();
  expect(expectedCalibrationError(none)).toEqual({
    ...{ ...UNKNOWN, expected: null, quantile95: null, miscalibrated: null, worst: null },
  });
  expect(
    reliability(none).every(({ n: size, score, positive }) => size === 0 && score === null && positive.value === null),
  ).toBe(true);
});

test('one sample: losses without the normal interval, no area', () => {
  const state = scores.create();
  scores.record(state, { score: 0.8, positive: true });
  const { brier, logLoss, rocAuc: area } = scores.read(state);
  expect(brier.value).toBeCloseTo(0.04, 15);
  expect(brier.low! < 0.04 && brier.high! > 0.04).toBe(true);
  expect(logLoss).toEqual({ value: -Math.log(0.8), n: 1, low: null, high: null });
  expect([area.value, area.n]).toEqual([null, 1]);
});

test.each(NOT_SCORES)('%p is no score: refused by name, and nothing changes', (value) => {
  const bad = value as number;
  expect(() => rocAuc([0.5, bad], [1, 0])).toThrow(
    expect.objectContaining({
      code: 'invalid_request',
      message: expect.stringContaining('scores[1]') as string,
    }) as Error,
  );
  expect(() => averagePrecision([bad], [1])).toThrow('scores[0]');
  for (const algebra of [scores, window]) {
    const state = algebra.create();
    expect(() => algebra.record(state as never, { score: bad, positive: true })).toThrow('score: ');
    expect(state).toEqual(algebra.create());
  }
  const state = calibrationAlgebra.create();
  expect(() => calibrationAlgebra.record(state, { score: bad, positive: true })).toThrow('score: ');
  expect(state).toEqual(calibrationAlgebra.create());
});

test.each([0.5, NaN, Infinity, '1', null, 2 ** 60])('%p is no count', (value) => {
  const count = value as number;
  const sample = { score: 0.5, positive: true, count };
  for (const algebra of [scores, window, calibrationAlgebra]) {
    const state = algebra.create();
    expect(() => algebra.record(state as never, sample)).toThrow('count: expected a whole number');
    expect(state).toEqual(algebra.create());
  }
});

test('a label that is no truth value is refused', () => {
  for (const value of [1, 0, 'yes', null, undefined, NaN]) {
    expect(() => scores.record(scores.create(), { score: 0.5, positive: value as unknown as boolean })).toThrow(
      'positive: expected true or false',
    );
    expect(() =>
      calibrationAlgebra.record(calibrationAlgebra.create(), { score: 0.5, positive: value as unknown as boolean }),
    ).toThrow('positive: ');
  }
  expect(() =>
    calibrationAlgebra.record(calibrationAlgebra.create(), { score: 0.5, positive: true, correct: 1 as never }),
  ).toThrow('correct: ');
});

test('labels and scores must be as many', () => {
  expect(() => rocAuc([0.5], [1, 0])).toThrow('2 labels for 1 scores');
});

test('a foreign state is refused, naming what differs', () => {
  const good = scores.serialise(scores.create());
  const data = good.data as Record<string, unknown>;
  for (const [broken, message] of [
    [null, 'format'],
    [{ ...good, format: 'plumbline.confusion' }, 'format'],
    [{ ...good, version: 2 }, 'version 2'],
    [{ ...good, data: 7 }, 'data'],
    [{ ...good, data: { ...data, edges: [0.5] } }, 'edges'],
    [{ ...good, data: { ...data, positives: [1] } }, 'positives'],
    [{ ...good, data: { ...data, negatives: Array.from({ length: 202 }, () => 0.5) } }, 'negatives'],
    [{ ...good, data: { ...data, brier: { sum: null, squares: 1 } } }, 'brier'],
  ] as const) {
    expect(() => scores.parse(broken)).toThrow(
      expect.objectContaining({ code: 'foreign_state', message: expect.stringContaining(message) as string }) as Error,
    );
  }
  expect(() => scores.merge(scores.create(), scoreAlgebra([0.5]).create())).toThrow('other bins');
  expect(() =>
    window.parse({ ...window.serialise(window.create()), data: { held: { scores: [2], positives: [true] } } }),
  ).toThrow('scores: ');
  expect(() =>
    window.parse({ ...window.serialise(window.create()), data: { held: { scores: [0.2], positives: [] } } }),
  ).toThrow('positives: ');
  expect(() =>
    windowScoresAlgebra(1).parse({
      ...window.serialise(window.create()),
      data: { held: { scores: [0, 1], positives: [true, true] } },
    }),
  ).toThrow('at most 1');
  const counts = calibrationAlgebra.serialise(calibrationAlgebra.create());
  for (const field of ['predictions', 'labeled', 'correct', 'score']) {
    const own = { ...(counts.data as object), [field]: [1, 2] };
    expect(() => calibrationAlgebra.parse({ ...counts, data: own })).toThrow(`${field}: expected 30`);
  }
});

test('several classes: no probabilities, no label, no count are refused, and nothing changes', () => {
  const state = classScoreAlgebra.create();
  const half = [0.5, 0.5];
  for (const bad of [[0.5, 0.6], [1.5, -0.5], [NaN, 1], ['0.5', 0.5], [], [null, 1]]) {
    expect(() => classScoreAlgebra.record(state, { probabilities: bad as number[], label: 0 })).toThrow(
      'probabilities: ',
    );
  }
  for (const label of [2, -1, 0.5, NaN, '0', null]) {
    expect(() => classScoreAlgebra.record(state, { probabilities: half, label: label as number })).toThrow('label: ');
  }
  expect(() => classScoreAlgebra.record(state, { probabilities: half, label: 0, count: 0.5 })).toThrow('count: ');
  expect(state).toEqual(classScoreAlgebra.create());
  expect(classScoreAlgebra.read(state)).toEqual({ n: 0, brier: UNKNOWN, logLoss: UNKNOWN });
  const good = classScoreAlgebra.serialise(state);
  expect(() => classScoreAlgebra.parse({ ...good, data: { ...(good.data as object), n: 0.5 } })).toThrow('n: ');
  expect(() => classScoreAlgebra.parse({ ...good, data: { ...(good.data as object), logLoss: {} } })).toThrow(
    'logLoss: ',
  );
});
