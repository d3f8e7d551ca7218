/** What the measures of a regression do with none, one, and with what is no number. */
import { regressionAlgebra } from '../../../../collector/src/performance/regression/regression-state.ts';

const UNKNOWN = { value: null, n: 0, low: null, high: null };

test('no samples: null with n 0', () => {
  const { n, metrics, residuals } = regressionAlgebra.read(regressionAlgebra.create());
  expect(n).toBe(0);
  expect(Object.values(metrics)).toEqual(Array.from({ length: 6 }, () => UNKNOWN));
  expect(residuals).toEqual([0.05, 0.25, 0.5, 0.75, 0.95].map((quantile) => ({ quantile, ...UNKNOWN })));
});

test('one sample: values without intervals, no R²', () => {
  const state = regressionAlgebra.create();
  regressionAlgebra.record(state, { actual: 2, predicted: 5 });
  const { metrics } = regressionAlgebra.read(state);
  expect(metrics.mae).toEqual({ value: 3, n: 1, low: null, high: null });
  expect(metrics.r2).toEqual({ ...UNKNOWN, n: 1 });
});

test('all right: no error, and no claim about how small it is', () => {
  const state = regressionAlgebra.create();
  for (const actual of [1, 2, 3]) regressionAlgebra.record(state, { actual, predicted: actual });
  const { metrics } = regressionAlgebra.read(state);
  expect(metrics.rmse).toEqual({ value: 0, n: 3, low: null, high: null });
  expect(metrics.r2.value).toBe(1);
});

test('squares beyond the largest double: infinite, without an interval', () => {
  const state = regressionAlgebra.create();
  for (const actual of [1e300, -1e300, 0]) regressionAlgebra.record(state, { actual, predicted: 0 });
  const { mse, mae } = regressionAlgebra.read(state).metrics;
  expect(mse).toEqual({ value: Infinity, n: 3, low: null, high: null });
  expect(mae.value).toBeCloseTo(2e300 / 3, -290);
});

test.each([NaN, Infinity, -Infinity, '1', null, undefined, {}, true, 10n])(
  '%p is no number: refused by name',
  (value) => {
    const bad = value as number;
    const state = regressionAlgebra.create();
    const refused = expect.objectContaining({ code: 'invalid_request' }) as Error;
    expect(() => regressionAlgebra.record(state, { actual: bad, predicted: 1 })).toThrow(refused);
    expect(() => regressionAlgebra.record(state, { actual: bad, predicted: 1 })).toThrow('actual: ');
    expect(() => regressionAlgebra.record(state, { actual: 1, predicted: bad })).toThrow('predicted: ');
    expect(state).toEqual(regressionAlgebra.create());
  },
);

test('a difference or a count that is none is refused too, and nothing changes', () => {
  const state = regressionAlgebra.create();
  expect(() => regressionAlgebra.record(state, { actual: -1.7e308, predicted: 1.7e308 })).toThrow('predicted − actual');
  expect(() => regressionAlgebra.record(state, { actual: 1, predicted: 1, count: 0.5 })).toThrow('count: ');
  expect(state).toEqual(regressionAlgebra.create());
});

test('a foreign state is refused, naming what differs', () => {
  const state = regressionAlgebra.create();
  regressionAlgebra.record(state, { actual: 2, predicted: 5 });
  const good = regressionAlgebra.serialise(state);
  const data = good.data as { sums: object; centre: number; residuals: object };
  for (const [broken, message] of [
    [undefined, 'format'],
    [{ ...good, version: 9 }, 'version 9'],
    [{ ...good, data: { ...data, centre: '2' } }, 'centre'],
    [{ ...good, data: { ...data, sums: { ...data.sums, e4: null } } }, 'sums.e4'],
    [{ ...good, data: { ...data, sums: { ...data.sums, n: 1.5 } } }, 'sums.n'],
    [{ ...good, data: { ...data, residuals: { ...data.residuals, version: 3 } } }, 'version 3'],
  ] as const) {
    expect(() => regressionAlgebra.parse(broken)).toThrow(message);
  }
});
