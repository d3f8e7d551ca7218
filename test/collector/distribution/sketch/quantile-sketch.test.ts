/** The quantile sketch against NumPy, and what it does with what is no number. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { quantileSketchAlgebra } from '../../../../collector/src/distribution/sketch/quantile-sketch.ts';

interface Golden {
  readonly versions: Record<string, string>;
  readonly probabilities: number[];
  readonly cases: readonly { readonly name: string; readonly values: number[]; readonly quantiles: number[] }[];
}

const golden = JSON.parse(
  readFileSync(resolve(__dirname, '../../../golden/distribution/sketch/sketch.json'), 'utf8'),
) as Golden;

describe.each([0.01, 0.001, 0.1])('accuracy %d', (accuracy) => {
  const sketch = quantileSketchAlgebra(accuracy);

  test.each(golden.cases)('$name', ({ values, quantiles }) => {
    const state = sketch.create();
    for (const value of values) sketch.record(state, { value });
    const { n, quantile } = sketch.read(state);
    expect(n).toBe(values.length);
    golden.probabilities.forEach((q, index) => {
      const expected = quantiles[index] as number;
      const error = Math.abs((quantile(q) as number) - expected);
      expect([q, error <= accuracy * (1 + 1e-9) * Math.abs(expected)]).toEqual([q, true]);
    });
  });
});

const sketch = quantileSketchAlgebra();

test('none: null; beyond the ranks: null; no probability: NaN', () => {
  const { n, quantile, ranked } = sketch.read(sketch.create());
  expect([n, quantile(0.5), ranked(1)]).toEqual([0, null, null]);
  const state = sketch.create();
  sketch.record(state, { value: 0, count: 3 });
  const reading = sketch.read(state);
  expect([reading.ranked(0), reading.ranked(1), reading.ranked(3), reading.ranked(4)]).toEqual([null, 0, 0, null]);
  expect([-0.1, 1.1, NaN].map(reading.quantile)).toEqual([NaN, NaN, NaN]);
});

test.each([NaN, Infinity, -Infinity, '1', null, undefined, {}, 10n])('%p is no finite number: refused', (value) => {
  const state = sketch.create();
  expect(() => sketch.record(state, { value: value as number })).toThrow('value: ');
  expect(() => sketch.record(state, { value: 1, count: 1.5 })).toThrow('count: ');
  expect(state).toEqual(sketch.create());
});

test.each([0, 1, -0.5, NaN])('%d is no accuracy', (accuracy) => {
  expect(() => quantileSketchAlgebra(accuracy)).toThrow('accuracy: ');
});

test('a foreign state is refused, naming what differs', () => {
  const good = sketch.serialise(sketch.create());
  const data = good.data as object;
  for (const [broken, message] of [
    [{ ...good, format: 'x' }, 'format'],
    [{ ...good, data: null }, 'data'],
    [{ ...good, data: { ...data, accuracy: 0.02 } }, 'accuracy'],
    [{ ...good, data: { ...data, zeros: 0.5 } }, 'zeros'],
    [{ ...good, data: { ...data, positive: [[1]] } }, 'positive'],
    [
      {
        ...good,
        data: {
          ...data,
          negative: [
            [1, 2],
            [1, 3],
          ],
        },
      },
      'twice',
    ],
  ] as const) {
    expect(() => sketch.parse(broken)).toThrow(message);
  }
  expect(() => sketch.merge(sketch.create(), quantileSketchAlgebra(0.02).create())).toThrow('accuracy');
});
