/** What is found in feedback, and what is not shown. */
import fc from 'fast-check';
import { byFeature, type Sample } from '../../../../collector/src/feedback/patterns/groups.ts';
import { patternsOf } from '../../../../collector/src/feedback/patterns/patterns.ts';
import { overRepresented } from '../../../../collector/src/feedback/patterns/tail.ts';
import { wordsOf } from '../../../../collector/src/feedback/patterns/words.ts';

const sample = (more: Partial<Sample> = {}): Sample => ({
  ...{ isError: false, prediction: 'a', actual: null, explanation: null, segment: null, features: {} },
  ...more,
});
const many = (count: number, make: (row: number) => Partial<Sample>) =>
  Array.from({ length: count }, (_, row) => sample(make(row)));

/** Old people are judged wrong; everything else is the same for all. */
const old = many(200, (row) => ({
  isError: row % 50 >= 40,
  actual: row % 50 >= 40 ? 'b' : null,
  segment: row % 2 ? 'web' : 'app',
  explanation: row % 50 >= 40 ? `customer ${row} is too old` : 'all is well',
  features: { age: 20 + (row % 50), plan: row % 4 ? 'basic' : 'gold' },
}));

test('a range of a feature that holds the errors is found, the rest is not', () => {
  const found = patternsOf(old, 'classification');
  expect(found).toMatchObject({ n: 200, errors: 40, verdict: 'tested', alpha: 0.05 });
  expect(found.features[0]).toMatchObject({
    feature: 'age',
    above: 59,
    upTo: null,
    n: 40,
    errors: 40,
    rate: 1,
    lift: 5,
  });
  expect(
    [...found.features, ...found.segments, ...found.classes].filter(({ significant }) => significant),
  ).toHaveLength(1);
  expect(found.confusions).toEqual([{ predicted: 'a', actual: 'b', n: 40, share: 1 }]);
  expect(found.words.items.filter(({ significant }) => significant).map(({ word }) => word)).toEqual([
    'customer',
    'old',
  ]);
  expect(found.words).toMatchObject({ n: 200 });
});

test('every p-value is adjusted over all groups of the report, not over those of its feature', () => {
  const found = patternsOf(old, 'classification');
  const shown = [...found.classes, ...found.segments, ...found.features];
  expect(shown).toHaveLength(found.tests);
  const [first] = found.features;
  expect(first?.p_adjusted).toBeCloseTo((first?.p_value ?? 0) * found.tests, 12);
  expect(first?.p_value).toBe(overRepresented({ n: 40, errors: 40 }, { n: 200, errors: 40 }));
});

test('below the minimum nothing is tested; confusions are counts and stand there all the same', () => {
  const few = old.slice(25, 54);
  expect(few).toHaveLength(29);
  const nothing = { tests: 0, classes: [], segments: [], features: [], words: { n: 0, items: [] } };
  expect(patternsOf(few, 'classification')).toMatchObject({ verdict: 'insufficient_data', ...nothing });
  expect(patternsOf(few, 'classification').confusions).toHaveLength(1);
  const complaints = old.filter(({ isError }) => isError);
  expect(patternsOf(complaints, 'classification')).toMatchObject({ n: 40, verdict: 'insufficient_data', ...nothing });
  expect(patternsOf([], 'classification')).toMatchObject({ n: 0, verdict: 'insufficient_data' });
});

test('groups of fewer than ten are not shown: a rare category may be a person', () => {
  const rows = many(100, (row) => ({ isError: row < 20, features: { name: row < 9 ? 'Ada Lovelace' : 'somebody' } }));
  expect(JSON.stringify(patternsOf(rows, 'classification'))).not.toContain('Ada');
  const known = many(100, (row) => ({ isError: row < 20, features: { name: row < 10 ? 'Ada' : 'somebody' } }));
  expect(JSON.stringify(patternsOf(known, 'classification'))).toContain('Ada');
});

test('a label nobody knows as a class is free text, and is not shown', () => {
  const rows = many(60, (row) => ({
    isError: row < 30,
    actual: row < 30 ? (row < 21 ? 'b' : 'write to ada@x.org') : null,
  }));
  const { confusions } = patternsOf(rows, 'classification', ['a', 'b']);
  expect(confusions).toEqual([
    { predicted: 'a', actual: 'b', n: 21, share: 0.7 },
    { predicted: 'a', actual: '__other__', n: 9, share: 0.3 },
  ]);
});

test('words: each once an explanation, without numbers, addresses, and what stands in every text', () => {
  expect([
    ...wordsOf("It's WRONG, wrong: Müller’s price of 5 €, no3t ada@example.org, a.b, +49-30-123 x1y naïve co-op"),
  ]).toEqual(['wrong', "müller's", 'price', 'naïve', 'co-op']);
  const secret = many(100, (row) => ({
    isError: row < 20,
    explanation: row < 9 ? 'tell hildegard' : 'nothing at all',
  }));
  const { words } = patternsOf(secret, 'classification');
  expect(words.items.map(({ word }) => word)).toEqual(['nothing']);
});

test('a regression has neither classes nor confusions', () => {
  const rows = old.map((row, at) => ({ ...row, prediction: String(at) }));
  expect(patternsOf(rows, 'regression')).toMatchObject({ classes: [], confusions: [], verdict: 'tested' });
});

test('ranges hold every number once, whatever ties there are; a constant has none', () => {
  const values = fc.array(fc.oneof(fc.integer({ min: 0, max: 6 }), fc.double({ noNaN: true })), {
    minLength: 60,
    maxLength: 300,
  });
  fc.assert(
    fc.property(values, (numbers) => {
      const groups = byFeature(
        numbers.map((x) => sample({ features: { x } })),
        'x',
      );
      const inside = (x: number) =>
        groups.filter(({ common }) => {
          const { above, upTo } = common as { above: number | null; upTo: number | null };
          return (above === null || x > above) && (upTo === null || x <= upTo);
        });
      for (const { common, n } of groups)
        expect(n).toBe(numbers.filter((x) => inside(x).some((group) => group.common === common)).length);
      expect(Math.max(0, ...numbers.map((x) => inside(x).length))).toBeLessThanOrEqual(1);
    }),
  );
  expect(
    byFeature(
      many(50, () => ({ features: { x: 1 } })),
      'x',
    ),
  ).toEqual([]);
});

test('where a feature is missing is a group of its own', () => {
  const rows = many(60, (row) => ({ features: row < 20 ? {} : { plan: row % 2 ? 'gold' : 'basic' } }));
  expect(byFeature(rows, 'plan').map(({ common, n }) => [common, n])).toEqual([
    [{ feature: 'plan', category: 'basic' }, 20],
    [{ feature: 'plan', category: 'gold' }, 20],
    [{ feature: 'plan', missing: true }, 20],
  ]);
});

const anySample: fc.Arbitrary<Sample> = fc.record({
  isError: fc.boolean(),
  prediction: fc.constantFrom('a', 'b', 'c'),
  actual: fc.constantFrom('a', 'b', null),
  explanation: fc.constantFrom(null, 'too old', 'very wrong', 'old and wrong price'),
  segment: fc.constantFrom(null, 'web', 'app'),
  features: fc.record(
    { x: fc.integer({ min: 0, max: 5 }), plan: fc.constantFrom('basic', 'gold', null) },
    { requiredKeys: [] },
  ),
});

test('the report is the same in whatever order feedback comes, and its tails are probabilities', () => {
  fc.assert(
    fc.property(
      fc
        .array(anySample, { minLength: 40, maxLength: 120 })
        .chain((rows) => fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length }))),
      ([rows, shuffled]) => {
        const found = patternsOf(rows, 'classification');
        expect(patternsOf(shuffled, 'classification')).toEqual(found);
        for (const { n, errors, p_value: p, p_adjusted: adjusted } of [
          ...found.features,
          ...found.segments,
          ...found.classes,
        ]) {
          expect(errors).toBeLessThanOrEqual(n);
          expect([p >= 0, p <= adjusted * (1 + 1e-12), adjusted <= 1]).toEqual([true, true, true]);
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('the tail is that of the sum of all its terms', () => {
  const choose = (n: number, k: number): number => (k < 0 || k > n ? 0 : k === 0 ? 1 : (choose(n - 1, k - 1) * n) / k);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 25 }), fc.nat(25), fc.nat(25), fc.nat(25), (allN, e, g, k) => {
      const [allErrors, n] = [Math.min(e, allN), Math.min(g, allN)];
      const errors = Math.min(Math.max(k, n - (allN - allErrors), 0), n, allErrors);
      let tail = 0;
      for (let x = errors; x <= Math.min(n, allErrors); x++)
        tail += (choose(allErrors, x) * choose(allN - allErrors, n - x)) / choose(allN, n);
      expect(overRepresented({ n, errors }, { n: allN, errors: allErrors })).toBeCloseTo(Math.min(1, tail), 8);
    }),
  );
});
