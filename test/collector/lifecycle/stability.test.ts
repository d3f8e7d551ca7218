/** Stability against NumPy, and what holds of it for every sequence of windows. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { MIN_WINDOWS, stability, WindowJoiner, type WindowCount } from '../../../collector/src/lifecycle/stability.ts';

interface Golden {
  readonly cases: readonly { name: string; accuracies: number[]; stability: number | null }[];
}
const golden = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../golden/lifecycle/stability.json'), 'utf8'),
) as Golden;

test.each(golden.cases)('$name: as NumPy', ({ accuracies, stability: expected }) => {
  const value = stability(Object.freeze(accuracies) as number[]);
  if (expected === null) expect(value).toBeNull();
  else expect(value).toBeCloseTo(expected, 12);
});

const accuracies = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: MIN_WINDOWS, maxLength: 40 });

test('it lies in 0 to 1, knows no order, no repetition makes it fall, and equal windows give 1', () => {
  fc.assert(
    fc.property(accuracies, fc.double({ min: 0.01, max: 1, noNaN: true }), (values, level) => {
      const value = stability(values) as number;
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThanOrEqual(1);
      expect(stability(values.toReversed())).toBeCloseTo(value, 9);
      // The same windows twice: the same spread, divided by 2n − 1 instead of n − 1.
      expect(stability([...values, ...values]) as number).toBeGreaterThanOrEqual(value - 1e-9);
      expect(stability(values.map(() => level))).toBeCloseTo(1, 9);
    }),
  );
});

test('a scale changes nothing: half as good everywhere is as steady', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 1e-3, max: 1, noNaN: true }), { minLength: 5 }), (values) => {
      expect(stability(values.map((value) => value / 2))).toBeCloseTo(stability(values) as number, 9);
    }),
  );
});

const counts = fc.array(
  fc.nat(300).chain((total) => fc.nat(total).map((correct): WindowCount => ({ correct, total }))),
  { maxLength: 60 },
);

test('windows: each of at least so many labels, in order, no label twice, less than one window left over', () => {
  fc.assert(
    fc.property(counts, fc.integer({ min: 1, max: 250 }), (given, least) => {
      const joiner = new WindowJoiner(least);
      for (const count of given) joiner.add(count);
      const { windows } = joiner;
      expect(windows.every(({ total }) => total >= least)).toBe(true);
      const sum = (list: readonly WindowCount[]) => list.reduce((all, { total }) => all + total, 0);
      const [used, all] = [sum(windows), sum(given)];
      expect(all - used).toBeLessThan(least);
      // The labels used are the first ones, so the right ones among them too.
      let [seen, correct] = [0, 0];
      for (const count of given) {
        if (seen === used) break;
        seen += count.total;
        correct += count.correct;
      }
      expect(windows.reduce((all, window) => all + window.correct, 0)).toBe(correct);
    }),
  );
});

test('rows one by one make windows of exactly 200', () => {
  const joiner = new WindowJoiner();
  for (let row = 0; row < 1_099; row++) joiner.add({ correct: Number(row % 10 !== 0), total: 1 });
  expect(joiner.windows).toEqual(Array(5).fill({ correct: 180, total: 200 }));
});
