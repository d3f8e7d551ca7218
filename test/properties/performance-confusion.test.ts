/** Confusion counts: whatever the split and the order, the sum is the single pass; corrections leave no trace. */
import fc from 'fast-check';
import {
  confusionAlgebra,
  type ConfusionState,
  type LabelledSample,
} from '../../collector/src/performance/confusion.ts';

const className = fc.constantFrom('a', 'b', 'c', '', '__proto__', '__other__', 1, 2, true);
const sample: fc.Arbitrary<LabelledSample> = fc.record({
  actual: className,
  predicted: className,
  correct: fc.boolean(),
  count: fc.integer({ min: 1, max: 1_000_000 }),
});
const samples = fc.array(sample, { maxLength: 40 });

function record(items: readonly LabelledSample[], state = confusionAlgebra.create()): ConfusionState {
  for (const item of items) confusionAlgebra.record(state, item);
  return state;
}

/** A reading whose order of classes and cells does not matter; `undefined` classes never occur. */
function canonical(state: ConfusionState): unknown {
  const { classes, cells, ...totals } = confusionAlgebra.read(state);
  const name = (index: number) => JSON.stringify(classes[index]?.class);
  const named = cells.map(({ actual, predicted, correct, count }) =>
    [name(actual), name(predicted), correct, count].join(),
  );
  return { ...totals, classes: classes.map((tally) => JSON.stringify(tally)).sort(), cells: named.sort() };
}

test('merge of any split in any order equals one pass', () => {
  fc.assert(
    fc.property(fc.array(samples, { maxLength: 5 }), fc.infiniteStream(fc.nat()), (parts, keys) => {
      const ordered = parts.map((part) => [keys.next().value as number, part] as const).sort(([a], [b]) => a - b);
      const merged = confusionAlgebra.create();
      for (const [, part] of ordered) {
        const state = record(part);
        const before = canonical(state);
        confusionAlgebra.merge(merged, state);
        expect(canonical(state)).toEqual(before);
      }
      expect(canonical(merged)).toEqual(canonical(record(parts.flat())));
    }),
  );
});

test('merge is associative and has the empty state as its neutral element', () => {
  fc.assert(
    fc.property(samples, samples, samples, (a, b, c) => {
      const left = record(a);
      confusionAlgebra.merge(left, record(b));
      confusionAlgebra.merge(left, record(c));
      const tail = record(b);
      confusionAlgebra.merge(tail, record(c));
      const right = record(a);
      confusionAlgebra.merge(right, tail);
      confusionAlgebra.merge(right, confusionAlgebra.create());
      expect(canonical(left)).toEqual(canonical(right));
    }),
  );
});

test('a state merged into itself counts twice', () => {
  fc.assert(
    fc.property(samples, (items) => {
      const state = record(items);
      confusionAlgebra.merge(state, state);
      expect(canonical(state)).toEqual(canonical(record([...items, ...items])));
    }),
  );
});

test('what is taken back, in whichever state, is as if it had never been counted', () => {
  fc.assert(
    fc.property(samples, samples, (kept, wrong) => {
      const corrections = record(wrong.map((item) => ({ ...item, count: -(item.count ?? 1) })));
      const state = record([...kept, ...wrong]);
      confusionAlgebra.merge(corrections, state);
      const cells = (from: ConfusionState) => canonical(from) as { samples: number; cells: string[] };
      expect(cells(corrections).cells).toEqual(cells(record(kept)).cells);
      expect(corrections.samples).toBe(record(kept).samples);
    }),
  );
});

test('through JSON and back: the same reading, and it goes on counting', () => {
  fc.assert(
    fc.property(samples, samples, (before, after) => {
      const written = JSON.stringify(confusionAlgebra.serialise(record(before)));
      const state = confusionAlgebra.parse(JSON.parse(written));
      expect(confusionAlgebra.read(state)).toEqual(confusionAlgebra.read(record(before)));
      expect(canonical(record(after, state))).toEqual(canonical(record([...before, ...after])));
    }),
  );
});

test('the reading equals a count by hand', () => {
  fc.assert(
    fc.property(samples, (items) => {
      const { samples: n, correct, classes } = confusionAlgebra.read(record(items));
      const total = (pick: (item: LabelledSample) => boolean) =>
        items.filter(pick).reduce((sum, { count = 1 }) => sum + count, 0);
      const hit = (item: LabelledSample) => String(item.actual) === String(item.predicted) && item.correct === true;
      expect([n, correct]).toEqual([total(() => true), total(hit)]);
      for (const tally of classes) {
        expect(tally.support).toBe(total(({ actual }) => String(actual) === tally.class));
        expect(tally.predicted).toBe(total(({ predicted }) => String(predicted) === tally.class));
        expect(tally.truePositives).toBe(total((item) => String(item.actual) === tally.class && hit(item)));
      }
    }),
  );
});
