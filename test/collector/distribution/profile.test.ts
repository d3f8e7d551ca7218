/** Reference profiles: what goes in, what is counted, and that the digest names the content. */
import { canonicalJson, digestOf } from '../../../collector/src/distribution/digest.ts';
import { parseReference } from '../../../collector/src/distribution/parse-reference.ts';
import { profileReference, type FeatureRow } from '../../../collector/src/distribution/profile.ts';
import {
  MAX_CATEGORIES,
  MAX_DISTINCT,
  referenceLabel,
  type CategoricalReference,
  type NumericReference,
} from '../../../collector/src/distribution/reference.ts';
import { untyped } from '../support/core.ts';

const rows = Array.from({ length: 200 }, (_, row) => ({ age: row % 50, plan: row % 3 === 0 ? 'gold' : 'basic' }));
const sum = (list: readonly number[]) => list.reduce((total, item) => total + item, 0);

test('numbers and categories, told apart by their first value', () => {
  const { features, rows: n } = profileReference(rows);
  expect(n).toBe(200);
  const [age, plan] = features as [NumericReference, CategoricalReference];
  expect(age).toMatchObject({ feature: 'age', type: 'numeric', n: 200, missing: 0 });
  expect(age.values).toEqual(Array.from({ length: 50 }, (_, value) => value));
  expect([sum(age.counts), sum(age.valueCounts), age.counts.length]).toEqual([200, 200, age.edges.length + 1]);
  expect(plan).toEqual({
    feature: 'plan',
    type: 'categorical',
    n: 200,
    missing: 0,
    categories: ['basic', 'gold'],
    counts: [133, 67],
    other: 0,
  });
});

test('what no distribution can hold counts as missing', () => {
  const odd = [1, null, undefined, Number.NaN, Number.POSITIVE_INFINITY, 'two', true, 2].map((x) => ({ x }));
  expect(profileReference(odd).features[0]).toMatchObject({ n: 2, missing: 6, values: [1, 2] });
});

test('−0 and 0 are one value', () => {
  const [feature] = profileReference([{ x: -0 }, { x: 0 }, { x: -0 }]).features;
  expect(feature).toMatchObject({ values: [0], valueCounts: [3] });
});

test('numbers named as categories, booleans, and a feature some rows lack', () => {
  const { features } = profileReference([{ code: 7, on: true }, { code: 7 }, { code: 9, on: false }], {
    categorical: ['code'],
  });
  expect(features).toMatchObject([
    { feature: 'code', type: 'categorical', categories: ['7', '9'], counts: [2, 1] },
    { feature: 'on', type: 'categorical', categories: ['false', 'true'], missing: 1 },
  ]);
});

test('beyond the kept categories the rest share `other`, the heaviest stay', () => {
  const many = Array.from({ length: MAX_CATEGORIES + 5 }, (_, index) => ({ x: `c${index}` }));
  const [feature] = profileReference([...many, { x: 'c104' }, { x: 'c104' }]).features as [CategoricalReference];
  expect(feature.categories[0]).toBe('c104');
  expect([feature.categories.length, feature.other, sum(feature.counts) + feature.other]).toEqual([
    MAX_CATEGORIES,
    5,
    feature.n,
  ]);
});

test('beyond the kept values order statistics stand for the sample, within one part in 10,000', () => {
  const n = 3 * MAX_DISTINCT + 17;
  const [feature] = profileReference(Array.from({ length: n }, (_, row) => ({ x: row * row }))).features as [
    NumericReference,
  ];
  expect(feature.values.length).toBe(MAX_DISTINCT);
  expect(sum(feature.valueCounts)).toBe(n);
  let below = 0;
  let widest = 0;
  feature.values.forEach((value, index) => {
    const truth = Math.sqrt(value) + 1; // rows at most this value
    widest = Math.max(widest, Math.abs(truth - below) / n);
    below += feature.valueCounts[index] as number;
    expect(Math.abs(truth - below)).toBeLessThanOrEqual(1e-6);
  });
  expect(widest).toBeLessThanOrEqual(1 / MAX_DISTINCT + 1 / n);
});

describe('the digest', () => {
  const reference = profileReference(rows, { createdAt: '2026-01-01T00:00:00Z' });

  test('does not depend on the order of keys, nor on when it was made', () => {
    const turned = rows.map(({ age, plan }) => ({ plan, age }));
    const again = profileReference(turned, { features: ['age', 'plan'], createdAt: '2027-01-01T00:00:00Z' });
    expect(again.digest).toBe(reference.digest);
    expect(referenceLabel(reference)).toBe(reference.digest.slice(0, 12));
    expect(canonicalJson({ b: [1, { d: null, c: 'x' }], a: undefined, '': 0 })).toBe(
      '{"":0,"b":[1,{"c":"x","d":null}]}',
    );
    expect(digestOf({})).toBe('44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a');
  });

  test('changes with one value of one row, and with the bins', () => {
    const other = [...rows.slice(1), { age: 3, plan: 'gold' }];
    const digests = [profileReference(other).digest, profileReference(rows, { bins: 10 }).digest, reference.digest];
    expect(new Set(digests).size).toBe(3);
  });

  test('survives a file', () => {
    expect(parseReference(JSON.parse(JSON.stringify(reference)))).toEqual(reference);
  });
});

const refused: [message: string, make: () => unknown][] = [
  ['rows: a reference needs at least one row', () => profileReference([])],
  ['bins: 1 is not', () => profileReference(rows, { bins: 1 })],
  ['bins: 201 is not', () => profileReference(rows, { bins: 201 })],
  ['bins: 2.5 is not', () => profileReference(rows, { bins: 2.5 })],
  ['categorical: "colour" is not a feature', () => profileReference(rows, { categorical: ['colour'] })],
  ['feature "colour": no row has a value', () => profileReference(rows, { features: ['colour'] })],
  ['feature "x": no row has a finite number', () => profileReference([{ x: Number.POSITIVE_INFINITY }])],
];
test.each(refused)('refused: %s', (message, make) => {
  expect(make).toThrow(message);
  expect(make).toThrow(expect.objectContaining({ code: 'invalid_configuration' }));
});

describe('a reference from outside', () => {
  type Draft = Record<string, unknown> & { features: Record<string, unknown>[] };
  const draft = (change: (draft: Draft) => void): unknown => {
    const { digest: _old, ...content } = JSON.parse(JSON.stringify(profileReference(rows as FeatureRow[]))) as Draft;
    change(content as unknown as Draft);
    return { ...content, digest: digestOf(content) };
  };
  const first = (key: string, value: unknown) => (content: Draft) => void ((content.features[0] as Draft)[key] = value);
  const second = (key: string, value: unknown) => (content: Draft) =>
    void ((content.features[1] as Draft)[key] = value);
  const cases: [field: string, change: (draft: Draft) => void][] = [
    ['format', (content) => void (content['format'] = 'csv')],
    ['version', (content) => void (content['version'] = 2)],
    ['rows', (content) => void (content['rows'] = -1)],
    ['features: expected an array', (content) => void (content['features'] = untyped({}))],
    ['features[0]: expected an object', (content) => void (content.features[0] = untyped(null))],
    ['features[0].feature', first('feature', '')],
    ['features[1].feature: "age" occurs twice', second('feature', 'age')],
    ['features[0].type', first('type', 'text')],
    ['features[0]: n and missing', first('missing', 0.5)],
    ['features[0].edges: expected an array of numbers', first('edges', ['1'])],
    ['features[0].edges: must ascend', (content) => void (content.features[0]?.['edges'] as number[]).reverse()],
    ['features[0].counts: expected one more', first('counts', [200])],
    [
      'features[0].counts: expected whole numbers',
      (content) => void ((content.features[0]?.['counts'] as number[])[0] = -1),
    ],
    ['features[0].values: must ascend', (content) => void (content.features[0]?.['values'] as number[]).reverse()],
    [
      'features[0].valueCounts: expected one per value',
      (content) => void (content.features[0]?.['valueCounts'] as number[]).pop(),
    ],
    ['features[0]: counts must add up', first('n', 201)],
    ['features[1].categories: expected an array of texts', second('categories', [1, 2])],
    ['features[1].categories: a category occurs twice', second('categories', ['gold', 'gold'])],
    ['features[1].counts: expected one per category', second('counts', [200])],
    ['features[1].other', second('other', -1)],
    ['features[1]: counts must add up', second('other', 1)],
    ['predictions.a', (content) => void (content['predictions'] = { a: 0.5 })],
    ['predictions: expected an object', (content) => void (content['predictions'] = [])],
  ];
  test.each(cases)('%s', (field, change) => {
    expect(() => parseReference(draft(change))).toThrow(`The reference profile is not usable: ${field}`);
    expect(() => parseReference(draft(change))).toThrow(expect.objectContaining({ code: 'invalid_reference' }));
  });

  test('the draft itself is whole, and any other change is seen by the digest', () => {
    expect(() => parseReference(draft(() => undefined))).not.toThrow();
    const changed = { ...(draft(() => undefined) as object), rows: 201 };
    expect(() => parseReference(changed)).toThrow('digest: does not match');
  });

  test.each([null, undefined, 7, 'text', []])('%p is no reference', (value) => {
    expect(() => parseReference(value)).toThrow('reference: expected an object');
  });
});
