/** Estimates: losses by bin merge as one pass, and what is right on average comes out right. */
import fc from 'fast-check';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { calibrationAlgebra } from '../../collector/src/performance/calibration/calibration-state.ts';
import { binnedCbpe } from '../../collector/src/performance/estimates/binned-cbpe.ts';
import { cbpeBinary } from '../../collector/src/performance/estimates/cbpe.ts';
import { lossAlgebra, type LossSample } from '../../collector/src/performance/estimates/loss-estimation.ts';

const whole = fc.integer({ min: -20, max: 20 });
const sample: fc.Arbitrary<LossSample> = fc
  .record({ predicted: whole, actual: fc.option(whole, { nil: undefined }) })
  .map(({ predicted, actual }) => (actual === undefined ? { predicted } : { predicted, actual }));
const samples = fc.array(sample, { maxLength: 30 });
const loss = lossAlgebra([-5, 0, 7]);

function record(items: readonly LossSample[], state = loss.create()) {
  for (const item of items) loss.record(state, item);
  return state;
}

test('losses: merge of any split in any order equals one pass, what is taken back leaves no trace, a state survives serialising', () => {
  fc.assert(
    fc.property(fc.array(samples, { maxLength: 4 }), samples, fc.infiniteStream(fc.nat()), (parts, wrong, keys) => {
      const ordered = parts.map((part) => [keys.next().value as number, part] as const).sort(([a], [b]) => a - b);
      const merged = loss.create();
      for (const [, part] of ordered) loss.merge(merged, record(part));
      record(
        wrong.map((item) => ({ ...item, count: -1 })),
        merged,
      );
      loss.merge(merged, record(wrong));
      expect(merged).toEqual(record(parts.flat()));
      expect(loss.parse(JSON.parse(JSON.stringify(loss.serialise(merged))))).toEqual(merged);
    }),
  );
});

test('every estimate lies in its interval, and both in [0, 1]', () => {
  const row = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean());
  fc.assert(
    fc.property(fc.array(row, { maxLength: 40 }), (rows) => {
      const estimates = cbpeBinary(
        rows.map(([p]) => p),
        rows.map(([, guess]) => Number(guess)),
      );
      for (const { value, low, high } of Object.values(estimates)) {
        if (value === null) continue;
        expect(0 <= low! && low! <= value && value <= high! && high! <= 1).toBe(true);
      }
    }),
  );
});

test('labels drawn with their probabilities: accuracy and ROC-AUC fall into the interval in about 95 % of draws', () => {
  const generator = xoroshiro128plus(11);
  const uniform = (): number => uniformFloat64(generator);
  let [held, runs] = [0, 0];
  for (; runs < 300; runs++) {
    const state = calibrationAlgebra.create();
    let right = 0;
    for (let row = 0; row < 400; row++) {
      const score = uniform();
      const positive = score >= 0.5;
      const correct = uniform() < score === positive;
      calibrationAlgebra.record(state, { score, positive });
      // Half of the labels are there, the other half is what is estimated.
      if (row % 2 === 0) calibrationAlgebra.record(state, { score, positive, correct });
      if (correct) right++;
    }
    const { low, high } = binnedCbpe(state, state).accuracy;
    if (low! <= right / 400 && right / 400 <= high!) held++;
  }
  expect(held / runs).toBeGreaterThan(0.92);
});
