/** The verdicts keep their promise: without drift they are rarely wrong, with a stated shift they are rarely silent. Seeded. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { binnedNull } from '../../../collector/src/drift/categorical-null.ts';
import { kolmogorovSmirnov, ksNullQuantile } from '../../../collector/src/drift/kolmogorov-smirnov.ts';
import { countValues, type ValueCounts } from '../../../collector/src/drift/samples.ts';

const ALPHA = 0.01;
const RUNS = 400;
/** α plus three standard errors of the share of false alarms over RUNS runs. */
const BOUND = ALPHA + 3 * Math.sqrt((ALPHA * (1 - ALPHA)) / RUNS);

function makeUniform(seed: number): () => number {
  const generator = xoroshiro128plus(seed);
  return () => uniformFloat64(generator);
}

function draw(uniform: () => number, size: number, shift = 0): ValueCounts {
  return countValues(Float64Array.from({ length: size }, () => uniform() + shift).sort());
}

function drawCounts(uniform: () => number, size: number, shares: readonly number[]): number[] {
  const counts = new Array<number>(shares.length).fill(0);
  for (let row = 0; row < size; row++) {
    let rest = uniform();
    const category = shares.findIndex((share) => (rest -= share) < 0);
    counts[category === -1 ? shares.length - 1 : category]!++;
  }
  return counts;
}

function shareOf(run: () => boolean): number {
  let hits = 0;
  for (let index = 0; index < RUNS; index++) hits += Number(run());
  return hits / RUNS;
}

describe.each([
  [50, 50],
  [100, 1000],
  [500, 731],
])('Kolmogorov–Smirnov with %i rows against %i', (n, m) => {
  test('false alarms keep to α, by p and by the null quantile', () => {
    const uniform = makeUniform(n);
    let [byP, byQuantile] = [0, 0];
    for (let run = 0; run < RUNS; run++) {
      const { statistic, pValue } = kolmogorovSmirnov(draw(uniform, m), draw(uniform, n));
      byP += Number(pValue <= ALPHA);
      byQuantile += Number(statistic > ksNullQuantile(ALPHA, n, m));
    }
    expect(byP / RUNS).toBeLessThanOrEqual(BOUND);
    expect(byQuantile / RUNS).toBeLessThanOrEqual(BOUND);
  });

  test('a shift of twice the null quantile is seen', () => {
    const uniform = makeUniform(n + 1);
    const shift = 2 * ksNullQuantile(ALPHA, n, m);
    const power = shareOf(() => kolmogorovSmirnov(draw(uniform, m), draw(uniform, n, shift)).pValue <= ALPHA);
    expect(power).toBeGreaterThan(0.95);
  });
});

describe.each([
  ['five even categories', 300, 1000, [0.2, 0.2, 0.2, 0.2, 0.2], 'chi-square'],
  ['rare categories', 120, 400, [0.9, 0.06, 0.02, 0.01, 0.01], 'permutation'],
] as const)('Jensen–Shannon with %s', (_name, n, m, shares, method) => {
  test('false alarms keep to α', () => {
    const uniform = makeUniform(m);
    const alarms = shareOf(() => {
      const [reference, current] = [drawCounts(uniform, m, shares), drawCounts(uniform, n, shares)];
      const result = binnedNull('js', reference, current, { alpha: ALPHA, seed: 3, draws: 499 });
      expect(result.method).toBe(method);
      return result.pValue <= ALPHA;
    });
    expect(alarms).toBeLessThanOrEqual(BOUND);
  });

  test('a fifth of the mass moved is seen', () => {
    const uniform = makeUniform(m + 1);
    const moved = shares.map((share, index) => share * 0.8 + (index === shares.length - 1 ? 0.2 : 0));
    const power = shareOf(() => {
      const [reference, current] = [drawCounts(uniform, m, shares), drawCounts(uniform, n, moved)];
      return binnedNull('js', reference, current, { alpha: ALPHA, seed: 3, draws: 499 }).pValue <= ALPHA;
    });
    expect(power).toBeGreaterThan(0.95);
  });
});
