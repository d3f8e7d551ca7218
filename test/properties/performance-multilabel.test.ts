/** Multilabel counts: whatever the split and the order, the sum is the single pass; corrections leave no trace. */
import fc from 'fast-check';
import {
  declareLabels,
  multilabelAlgebra,
  type MultilabelSample,
  type MultilabelState,
} from '../../collector/src/performance/multilabel.ts';

const labels = fc.array(fc.constantFrom('a', 'b', 'c', '', '__proto__', 1, true), { maxLength: 6 });
const samples = fc.array(
  fc.record({ actual: labels, predicted: labels, count: fc.integer({ min: 1, max: 1_000_000 }) }),
  { maxLength: 30 },
);

function record(items: readonly MultilabelSample[], state = multilabelAlgebra.create()): MultilabelState {
  for (const item of items) multilabelAlgebra.record(state, item);
  return state;
}

/** A reading whose order does not matter. */
function canonical(state: MultilabelState): unknown {
  const { samples: n, labels: columns, shapes } = multilabelAlgebra.read(state);
  return [n, columns.map((item) => JSON.stringify(item)).sort(), shapes.map((item) => JSON.stringify(item)).sort()];
}

test('merge of any split in any order equals one pass; the empty state changes nothing', () => {
  fc.assert(
    fc.property(fc.array(samples, { maxLength: 5 }), fc.infiniteStream(fc.nat()), (parts, keys) => {
      const ordered = parts.map((part) => [keys.next().value as number, part] as const).sort(([a], [b]) => a - b);
      const merged = multilabelAlgebra.create();
      for (const [, part] of ordered) multilabelAlgebra.merge(merged, record(part));
      multilabelAlgebra.merge(merged, multilabelAlgebra.create());
      expect(canonical(merged)).toEqual(canonical(record(parts.flat())));
    }),
  );
});

test('a state merged into itself counts twice; the other state of a merge stays as it was', () => {
  fc.assert(
    fc.property(samples, samples, (mine, theirs) => {
      const state = record(mine);
      const other = record(theirs);
      multilabelAlgebra.merge(state, other);
      expect(canonical(other)).toEqual(canonical(record(theirs)));
      multilabelAlgebra.merge(state, state);
      expect(canonical(state)).toEqual(canonical(record([...mine, ...theirs, ...mine, ...theirs])));
    }),
  );
});

test('what is taken back, in whichever state, is as if it had never been counted', () => {
  fc.assert(
    fc.property(samples, samples, (kept, wrong) => {
      const corrections = record(wrong.map((item) => ({ ...item, count: -item.count })));
      multilabelAlgebra.merge(corrections, record([...kept, ...wrong]));
      expect(canonical(corrections)).toEqual(canonical(record(kept)));
    }),
  );
});

test('through JSON and back: the same reading, and it goes on counting', () => {
  fc.assert(
    fc.property(labels, samples, samples, (declared, before, after) => {
      const state = record(before, declareLabels(declared));
      const back = multilabelAlgebra.parse(JSON.parse(JSON.stringify(multilabelAlgebra.serialise(state))));
      expect(multilabelAlgebra.read(back)).toEqual(multilabelAlgebra.read(state));
      expect(canonical(record(after, back))).toEqual(canonical(record([...before, ...after], declareLabels(declared))));
    }),
  );
});
