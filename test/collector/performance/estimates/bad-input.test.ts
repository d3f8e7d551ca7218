/** What the estimates do with none, one, and with what is no number. */
import { calibrationAlgebra } from '../../../../collector/src/performance/calibration/calibration-state.ts';
import { binnedCbpe } from '../../../../collector/src/performance/estimates/binned-cbpe.ts';
import { cbpeBinary, cbpeMulticlass } from '../../../../collector/src/performance/estimates/cbpe.ts';
import { lossAlgebra } from '../../../../collector/src/performance/estimates/loss-estimation.ts';

const NONE = { value: null, n: 0, low: null, high: null, estimated: true };

test('no prediction: null with n 0', () => {
  expect(Object.values(cbpeBinary([], []))).toEqual(Array.from({ length: 6 }, () => NONE));
  const { classes, ...averages } = cbpeMulticlass([], [], 3);
  expect(classes).toHaveLength(3);
  expect(Object.values(averages)).toEqual(Array.from({ length: 6 }, () => NONE));
  const empty = calibrationAlgebra.create();
  expect(binnedCbpe(empty, empty)).toMatchObject({ accuracy: NONE, roc_auc: NONE, calibrated_share: null });
  const loss = lossAlgebra([1]);
  expect(loss.read(loss.create())).toEqual({ mae: NONE, rmse: NONE, calibrated_share: null });
});

test('predictions whose errors nobody knows: null, not 0', () => {
  const loss = lossAlgebra([1]);
  const state = loss.create();
  loss.record(state, { predicted: 3 });
  loss.record(state, { predicted: 3, actual: 4 });
  expect(loss.read(state)).toEqual({ mae: { ...NONE, n: 1 }, rmse: { ...NONE, n: 1 }, calibrated_share: 0 });
});

test('few labels in each bin, enough together: all of them speak, and the answer says so', () => {
  const loss = lossAlgebra([0, 1]);
  const state = loss.create();
  for (let row = 0; row < 30; row++) {
    loss.record(state, { predicted: row % 3 });
    loss.record(state, { predicted: row % 3, actual: (row % 3) + 2 });
  }
  expect(loss.read(state)).toMatchObject({ mae: { value: 2, n: 30 }, rmse: { value: 2, n: 30 }, calibrated_share: 0 });
});

test.each([NaN, Infinity, -0.1, 1.1, '0.5', null, undefined, {}])('%p is no probability: refused by name', (value) => {
  const bad = value as number;
  expect(() => cbpeBinary([0.5, bad], [1, 0])).toThrow('scores[1]');
  expect(() => cbpeBinary([0.5], [1], [bad])).toThrow('scores[0]');
  expect(() => cbpeMulticlass([0.5, bad], [0], 2)).toThrow('probabilities[1]');
});

test('sizes that do not fit are refused by name', () => {
  expect(() => cbpeBinary([0.5], [1, 0])).toThrow('2 labels for 1 scores');
  expect(() => cbpeMulticlass([0.5, 0.5, 0.1], [0], 2)).toThrow('probabilities: 3 numbers for 1 rows of 2');
  expect(() => cbpeMulticlass([0.5, 0.5], [2], 2)).toThrow('predicted[0]: 2');
  expect(() => cbpeMulticlass([], [], 1)).toThrow('classes: ');
});

test.each([NaN, Infinity, '1', null, {}, true])(
  '%p is no number of a regression: refused, nothing changes',
  (value) => {
    const loss = lossAlgebra([1]);
    const state = loss.create();
    expect(() => loss.record(state, { predicted: value as number })).toThrow('predicted: ');
    expect(() => loss.record(state, { predicted: 1, actual: value as number })).toThrow('actual: ');
    expect(() => loss.record(state, { predicted: 1, count: 0.5 })).toThrow('count: ');
    expect(state).toEqual(loss.create());
  },
);

test('a foreign state is refused, naming what differs', () => {
  const loss = lossAlgebra([1]);
  const good = loss.serialise(loss.create());
  const data = good.data as object;
  for (const [broken, message] of [
    [{ ...good, version: 0 }, 'version 0'],
    [{ ...good, data: { ...data, edges: [2] } }, 'edges'],
    [{ ...good, data: { ...data, squared: [1] } }, 'squared'],
    [{ ...good, data: { ...data, labeled: [1, null] } }, 'labeled'],
  ] as const) {
    expect(() => loss.parse(broken)).toThrow(message);
  }
  expect(() => loss.merge(loss.create(), lossAlgebra([2]).create())).toThrow('other bins');
});
