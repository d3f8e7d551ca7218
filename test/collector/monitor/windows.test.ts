/** Windows of the monitor: disjoint, judged outside the recording call, told to whoever asks. */
import { profileReference } from '../../../collector/src/distribution/profile.ts';
import { TestCore } from '../support/core.ts';

const reference = profileReference(
  Array.from({ length: 1_000 }, (_, row) => ({ x: row })),
  { predictions: Array.from({ length: 1_000 }, (_, row) => (row % 2 === 0 ? 'a' : 'b')) },
);
const feed = (monitor: TestCore, rows: number, value: (row: number) => number, prediction = 'a') => {
  for (let row = 0; row < rows; row++) monitor.core.recordPrediction({ prediction, features: { x: value(row) } });
};

test('a window is judged after the recording call, once, and covers its own rows only', () => {
  const monitor = new TestCore({ reference, window: 200 });
  feed(monitor, 200, (row) => row * 5);
  expect(monitor.windows).toEqual([]);
  monitor.settle();
  feed(monitor, 399, () => 5_000);
  monitor.settle();
  expect(monitor.windows.map(({ index, start, end, verdict }) => ({ index, start, end, verdict }))).toEqual([
    { index: 0, start: 0, end: 200, verdict: 'stable' },
    { index: 1, start: 200, end: 400, verdict: 'drifted' },
  ]);
  expect(monitor.value('drifted', { feature: 'x' })).toBe(1);
  expect(monitor.value('window', { feature: 'x' })).toBe(200);
  expect(monitor.value('drift', { feature: 'x', statistic: 'ks' })).toBe(1);
  expect(monitor.core.drift()).toMatchObject({ verdict: 'drifted', window: { index: 1, start: 200, end: 400 } });
});

test('before a window has closed there is no verdict and no gauge, not a 0', () => {
  const monitor = new TestCore({ reference, window: 200 });
  feed(monitor, 199, (row) => row);
  expect(monitor.core.drift()).toMatchObject({ verdict: 'insufficient_data', window: null, features: [] });
  expect(monitor.value('drifted', { feature: 'x' })).toBeUndefined();
});

test('a window with too few values is not judged', () => {
  const monitor = new TestCore({ reference, window: 200 });
  for (let row = 0; row < 200; row++)
    monitor.core.recordPrediction({ prediction: 'a', features: { x: row < 99 ? row : undefined } });
  monitor.settle();
  expect(monitor.core.drift().verdict).toBe('insufficient_data');
  expect(monitor.value('drifted', { feature: 'x' })).toBeUndefined();
  expect(monitor.value('window', { feature: 'x' })).toBe(99);
});

test('when nothing deferred ever runs, windows are judged all the same', () => {
  const monitor = new TestCore({ reference, window: 200 });
  feed(monitor, 1_000, (row) => row);
  expect(monitor.windows.length).toBeGreaterThanOrEqual(3);
  monitor.core.close();
  expect(monitor.windows.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4]);
});

test.each([
  ['throws', thrower],
  ['rejects', () => Promise.reject(new Error('later'))],
])('a callback that %s is counted and disturbs nothing', async (_name, callback) => {
  const monitor = new TestCore({ reference, window: 200 }, callback);
  feed(monitor, 200, (row) => row * 5);
  monitor.settle();
  await new Promise(setImmediate);
  expect(monitor.windows.length).toBe(1);
  expect(monitor.counted('errors')).toEqual({ callback_failed: 1 });
});

test('a reference adopted later: windows count from the first prediction of the process', () => {
  const monitor = new TestCore({ window: 200 });
  feed(monitor, 70, (row) => row);
  monitor.core.adoptReference(reference);
  feed(monitor, 200, (row) => row * 5);
  monitor.settle();
  expect(monitor.windows[0]).toMatchObject({ index: 0, start: 70, end: 270 });
  expect(monitor.value('info', { reference: reference.digest.slice(0, 12) })).toBe(1);
  expect(monitor.value('info', { reference: '' })).toBeUndefined();
});

test('the shift of predictions, against the window before and against the reference', () => {
  const monitor = new TestCore({ window: 400 });
  monitor.core.adoptReference(reference);
  const shares = () => monitor.core.distribution();
  feed(monitor, 399, () => 1, 'a');
  expect(shares()).toMatchObject({ n: 399, closed: false });
  feed(monitor, 1, () => 1, 'a');
  expect(shares()).toMatchObject({ n: 400, closed: true, classes: [{ class: 'a', count: 400, share: 1 }] });
  expect(shares().reference_shift).toMatchObject({ value: 0.5 });
  feed(monitor, 400, () => 1, 'b');
  expect(shares().shift).toMatchObject({ value: 1 });
});

function thrower(): never {
  throw new Error('callback');
}
