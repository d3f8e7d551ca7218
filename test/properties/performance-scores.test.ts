/** Scored samples: whatever the split and the order, the sum is the single pass; corrections leave no trace in the counts. */
import fc from 'fast-check';
import type { StreamAlgebra } from '../../collector/src/distribution/state.ts';
import { calibrationAlgebra } from '../../collector/src/performance/calibration/calibration-state.ts';
import {
  logitScoreEdges,
  scoreAlgebra,
  type ScoredSample,
} from '../../collector/src/performance/scores/score-state.ts';
import { classScoreAlgebra } from '../../collector/src/performance/scores/class-scores.ts';
import { windowScoresAlgebra } from '../../collector/src/performance/scores/window-scores.ts';
import { expectNear } from '../support/near.ts';
import { rocAuc } from '../../collector/src/performance/scores/roc-auc.ts';

const score = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 0.25, 0.5, 1));
const sample = fc
  .record({ score, positive: fc.boolean(), correct: fc.option(fc.boolean(), { nil: undefined }) })
  .map((own) => ({ ...own, probabilities: [own.score, 1 - own.score], label: Number(own.positive) }));
const samples = fc.array(sample, { maxLength: 30 });
const LIMIT = 40;
const algebras: readonly [string, StreamAlgebra<object, ScoredSample, unknown>][] = [
  ['scores', scoreAlgebra(logitScoreEdges()) as StreamAlgebra<object, ScoredSample, unknown>],
  ['calibration', calibrationAlgebra as StreamAlgebra<object, ScoredSample, unknown>],
  ['several classes', classScoreAlgebra as unknown as StreamAlgebra<object, ScoredSample, unknown>],
  ['window', windowScoresAlgebra(LIMIT) as StreamAlgebra<object, ScoredSample, unknown>],
];

/** As plain JSON, the samples of a window in order. */
function canonical(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, item: unknown) => {
      if (ArrayBuffer.isView(item)) return Array.from(item as Float64Array);
      if (key !== 'held' || item === null) return item;
      const { scores, positives } = item as { scores: number[]; positives: boolean[] };
      return scores.map((own, at) => `${own} ${positives[at]}`).sort();
    }),
  );
}

describe.each(algebras)('%s', (_name, algebra) => {
  const record = (items: readonly ScoredSample[], state = algebra.create()) => {
    for (const item of items) algebra.record(state, item);
    return state;
  };

  test('merge of any split in any order equals one pass; the empty state changes nothing', () => {
    fc.assert(
      fc.property(fc.array(samples, { maxLength: 4 }), fc.infiniteStream(fc.nat()), (parts, keys) => {
        const ordered = parts.map((part) => [keys.next().value as number, part] as const).sort(([a], [b]) => a - b);
        const merged = algebra.create();
        for (const [, part] of ordered) algebra.merge(merged, record(part));
        algebra.merge(merged, algebra.create());
        expectNear(canonical(merged), canonical(record(parts.flat())));
      }),
    );
  });

  test('a state merged into itself counts twice; the other state of a merge stays as it was', () => {
    fc.assert(
      fc.property(samples, samples, (mine, theirs) => {
        const [state, other] = [record(mine), record(theirs)];
        algebra.merge(state, other);
        expectNear(canonical(other), canonical(record(theirs)));
        algebra.merge(state, state);
        expectNear(canonical(state), canonical(record([...mine, ...theirs, ...mine, ...theirs])));
      }),
    );
  });

  test('what is taken back is as if it had never been counted', () => {
    fc.assert(
      fc.property(samples, fc.array(sample, { maxLength: 9 }), (kept, wrong) => {
        const state = record([...kept, ...wrong]);
        for (const item of wrong) algebra.record(state, { ...item, count: -1 });
        expectNear(canonical(state), canonical(record(kept)));
      }),
    );
  });

  test('a state survives serialising, and grows on as before', () => {
    fc.assert(
      fc.property(samples, samples, (before, after) => {
        const text = JSON.stringify(algebra.serialise(record(before)));
        const parsed = algebra.parse(JSON.parse(text));
        expectNear(canonical(record(after, parsed)), canonical(record([...before, ...after])));
      }),
    );
  });
});

test('a window is exact up to its limit and gives up beyond it', () => {
  fc.assert(
    fc.property(fc.array(sample, { maxLength: 2 * LIMIT }), (items) => {
      const algebra = windowScoresAlgebra(LIMIT);
      const state = algebra.create();
      for (const item of items) algebra.record(state, item);
      const exact = rocAuc(
        items.map((item) => item.score),
        items.map(({ positive }) => Number(positive)),
      );
      expect(algebra.read(state)?.rocAuc ?? null).toEqual(items.length > LIMIT ? null : exact);
    }),
  );
});

test('bins that hold one distinct score each give the exact area', () => {
  const few = fc.array(fc.record({ score: fc.constantFrom(0.05, 0.25, 0.45, 0.65, 0.85), positive: fc.boolean() }), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(few, (items) => {
      const algebra = scoreAlgebra([0.2, 0.4, 0.6, 0.8]);
      const state = algebra.create();
      for (const item of items) algebra.record(state, item);
      const exact = rocAuc(
        items.map((item) => item.score),
        items.map(({ positive }) => Number(positive)),
      );
      expect(algebra.read(state).rocAuc.value).toBe(exact.value);
    }),
  );
});
