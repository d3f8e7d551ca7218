/** Numbers and their sketch: whatever the split and the order, the sum is the single pass; corrections leave no trace. */
import fc from 'fast-check';
import { quantileSketchAlgebra } from '../../collector/src/distribution/sketch/quantile-sketch.ts';
import type { StreamAlgebra } from '../../collector/src/distribution/state.ts';
import {
  regressionAlgebra,
  type RegressionSample,
} from '../../collector/src/performance/regression/regression-state.ts';
import { expectNear } from '../support/near.ts';

/** Whole numbers: their sums are exact, so what differs is not rounding (only the percentages are rounded). */
const number = fc.oneof(fc.integer({ min: -20, max: 20 }), fc.integer({ min: -5, max: 5 }));
type Sample = RegressionSample & { readonly value: number };
const sample: fc.Arbitrary<Sample> = fc.record({ actual: number, predicted: number, value: number });
const samples = fc.array(sample, { maxLength: 30 });
const algebras: readonly [string, StreamAlgebra<object, Sample, unknown>][] = [
  ['sketch', quantileSketchAlgebra() as unknown as StreamAlgebra<object, Sample, unknown>],
  ['regression', regressionAlgebra as unknown as StreamAlgebra<object, Sample, unknown>],
];

/** What a state says, some quantiles included. */
function readingOf(algebra: StreamAlgebra<object, Sample, unknown>, state: object): object {
  const reading = algebra.read(state) as { n: number; quantile?: (q: number) => number | null };
  return { ...reading, quantiles: [0, 0.1, 0.5, 0.9, 1].map((q) => reading.quantile?.(q)) };
}

/**
 * Ends of intervals rest on fourth powers: labels as many standard deviations from their centre as there may be here (about 250: all
 * but one of 39 are equal, and the centre is the first, another one) leave 5 digits of them.
 */
const tolerance = (key: string): number => (key === 'low' || key === 'high' ? 1e-4 : 1e-7);

describe.each(algebras)('%s', (_name, algebra) => {
  const record = (items: readonly Sample[], state = algebra.create()) => {
    for (const item of items) algebra.record(state, item);
    return state;
  };
  const same = (a: object, b: object): void => expectNear(readingOf(algebra, a), readingOf(algebra, b), tolerance);

  test('merge of any split in any order equals one pass; the empty state changes nothing', () => {
    fc.assert(
      fc.property(fc.array(samples, { maxLength: 4 }), fc.infiniteStream(fc.nat()), (parts, keys) => {
        const ordered = parts.map((part) => [keys.next().value as number, part] as const).sort(([a], [b]) => a - b);
        const merged = algebra.create();
        for (const [, part] of ordered) algebra.merge(merged, record(part));
        algebra.merge(merged, algebra.create());
        same(merged, record(parts.flat()));
      }),
    );
  });

  test('a state merged into itself counts twice; the other state of a merge stays as it was', () => {
    fc.assert(
      fc.property(samples, samples, (mine, theirs) => {
        const [state, other] = [record(mine), record(theirs)];
        const before = JSON.stringify(algebra.serialise(other));
        algebra.merge(state, other);
        expect(JSON.stringify(algebra.serialise(other))).toBe(before);
        algebra.merge(state, state);
        same(state, record([...mine, ...theirs, ...mine, ...theirs]));
      }),
    );
  });

  test('what is taken back, in whichever state, is as if it had never been counted', () => {
    fc.assert(
      fc.property(samples, fc.array(sample, { maxLength: 9 }), (kept, wrong) => {
        const corrections = algebra.create();
        for (const item of wrong) algebra.record(corrections, { ...item, count: -1 });
        algebra.merge(corrections, record([...kept, ...wrong]));
        same(corrections, record(kept));
      }),
    );
  });

  test('a state survives serialising, and grows on as before', () => {
    fc.assert(
      fc.property(samples, samples, (before, after) => {
        const parsed = algebra.parse(JSON.parse(JSON.stringify(algebra.serialise(record(before)))));
        same(record(after, parsed), record([...before, ...after]));
      }),
    );
  });
});
