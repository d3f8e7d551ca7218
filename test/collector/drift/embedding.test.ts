/** Drift of vectors: false alarms keep to α, shifts of mean and spread are seen, bad shapes are errors that name the vector. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { embeddingDrift, type Vectors } from '../../../collector/src/drift/embedding.ts';

/** Gaussian vectors: `shift` on the first coordinate, `spread` on all. */
function cloud(seed: number, size: number, { dimensions = 8, shift = 0, spread = 1, unit = 1 } = {}): number[][] {
  const generator = xoroshiro128plus(seed);
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - uniformFloat64(generator))) * Math.cos(2 * Math.PI * uniformFloat64(generator));
  return Array.from({ length: size }, () =>
    Array.from({ length: dimensions }, (_, index) => unit * (spread * normal() + (index === 0 ? shift : 0))),
  );
}

const FAST = { draws: 199, frequencies: 32 };

test('false alarms keep to α, with unequal sizes too', () => {
  const runs = 200;
  let alarms = 0;
  for (let run = 1; run <= runs; run++) {
    const sides = [cloud(2 * run, 110, { dimensions: 4 }), cloud(2 * run + 1, 160, { dimensions: 4 })] as const;
    alarms += Number((embeddingDrift(...sides, { ...FAST, alpha: 0.05, seed: run }).p_value as number) <= 0.05);
  }
  expect(alarms / runs).toBeLessThanOrEqual(0.05 + 3 * Math.sqrt((0.05 * 0.95) / runs));
});

test.each([
  ['a shift of the mean', { shift: 0.8 }],
  ['a change of spread', { spread: 1.3 }],
])('%s is seen', (_name, change) => {
  let seen = 0;
  for (let run = 1; run <= 20; run++) {
    const result = embeddingDrift(cloud(run, 300), cloud(run + 500, 300, change), FAST);
    seen += Number(result.verdict === 'drifted');
  }
  expect(seen).toBeGreaterThanOrEqual(18);
});

test('the same seed gives the same answer, from arrays of any kind', () => {
  const [a, b] = [cloud(1, 150), cloud(2, 150, { shift: 0.3 })];
  expect(embeddingDrift(a, b)).toEqual(embeddingDrift(a, b));
  expect(embeddingDrift(a, b, { seed: 2 }).value).not.toBe(embeddingDrift(a, b).value);
  const asTyped = embeddingDrift(
    a.map((row) => Float32Array.from(row)),
    b.map((row) => Float64Array.from(row)),
    FAST,
  );
  expect(asTyped.value).toBeCloseTo(embeddingDrift(a, b, FAST).value as number, 6);
});

test('beyond what draws resolve p still falls, and the unit of the vectors does not matter', () => {
  const far = embeddingDrift(cloud(1, 300), cloud(2, 300, { shift: 3 }), FAST);
  expect(far.p_value).toBeLessThan(1e-6);
  expect(far.value).toBeGreaterThan(far.null_quantile as number);
  for (const unit of [1e-300, 1e300]) {
    const scaled = embeddingDrift(cloud(1, 300, { unit }), cloud(2, 300, { shift: 3, unit }), FAST);
    expect(scaled.value).toBeCloseTo(far.value as number, 9);
  }
});

test('more rows than wanted are sampled, and said so', () => {
  const result = embeddingDrift(cloud(1, 500), cloud(2, 130, { shift: 2 }), { ...FAST, rows: 120 });
  expect(result).toMatchObject({ n: 130, m: 500, used: { n: 120, m: 120 }, dimensions: 8, verdict: 'drifted' });
});

test('too few, none, and one vector throughout', () => {
  expect(embeddingDrift(cloud(1, 99), cloud(2, 500, { shift: 3 }), FAST).verdict).toBe('insufficient_data');
  const nothing = { value: null, p_value: null, null_quantile: null, verdict: 'insufficient_data' };
  expect(embeddingDrift([], [])).toMatchObject({ ...nothing, n: 0, m: 0, dimensions: 0 });
  expect(embeddingDrift(cloud(1, 200), [])).toMatchObject({ ...nothing, n: 0, m: 200, dimensions: 8 });
  for (const one of [
    [0, 0],
    [2, 3],
  ]) {
    const same = Array.from({ length: 120 }, () => one);
    expect(embeddingDrift(same, same, FAST)).toMatchObject({ value: 0, p_value: 1, verdict: 'stable' });
  }
  const moved = embeddingDrift(
    Array.from({ length: 120 }, () => [0]),
    Array.from({ length: 120 }, () => [1]),
    FAST,
  );
  expect(moved.verdict).toBe('drifted');
});

test('a threshold must be exceeded too', () => {
  const sides = [cloud(1, 300), cloud(2, 300, { shift: 1 })] as const;
  expect(embeddingDrift(...sides, FAST).verdict).toBe('drifted');
  expect(embeddingDrift(...sides, { ...FAST, threshold: 1 }).verdict).toBe('stable');
});

test.each([
  ['reference[1] has 1 numbers, not 2', [[1, 2], [3]], [[1, 2]]],
  ['current[0] has 3 numbers, not 2', [[1, 2]], [[1, 2, 3]]],
  [
    'current[1][0] is no finite number',
    [[1, 2]],
    [
      [1, 2],
      [NaN, 1],
    ],
  ],
  ['reference[0][1] is no finite number', [[1, Infinity]], [[1, 2]]],
  ['current[0][1] is no finite number', [[1, 2]], [[1, '2']]],
  ['current[1] is no vector', [[1, 2]], [[1, 2], null]],
  ['current[0] is no vector', [[1, 2]], ['ab']],
  ['reference[0] is empty', [[]], [[]]],
  ['current is no array of vectors', [[1, 2]], 'x'],
])('%s', (words, reference, current) => {
  const run = (): unknown => embeddingDrift(reference as Vectors, current as unknown as Vectors);
  expect(run).toThrow(words);
  expect(run).toThrow(expect.objectContaining({ code: 'invalid_configuration' }));
});

test('settings out of range are refused by name', () => {
  for (const name of ['rows', 'frequencies', 'draws']) {
    expect(() => embeddingDrift([[1]], [[1]], { [name]: 1.5 })).toThrow(`embedding: ${name}`);
  }
});
