/** Comparisons of any keys against the plain formulas they stand for. */
import fc from 'fast-check';
import { confusionAlgebra } from '../../collector/src/performance/confusion.ts';
import { classificationReport } from '../../collector/src/performance/classification-metrics.ts';
import { createComparison, type Epoch, type KeyUnit } from '../../collector/src/experiments/comparison.ts';
import { addKeyCells, noKeyCells, weightedF1, type ClassIndex } from '../../collector/src/experiments/key-cells.ts';
import { addLatency, latencyBounds, noLatencySteps } from '../../collector/src/experiments/latency-steps.ts';
import { isBeyond, logMixture, mixtureBoundary } from '../../collector/src/experiments/mixture-boundary.ts';
import { sampleRatio } from '../../collector/src/experiments/sample-ratio.ts';
import { expectNear } from '../support/near.ts';

const cls = fc.constantFrom('a', 'b', 'c');
const outcome = fc.record({ actual: cls, predicted: cls, count: fc.integer({ min: 1, max: 4 }) });
const epochs: readonly Epoch[] = [0.01, 0.3, 0.5, 0.9].map((share, index) => ({
  epoch: index + 1,
  shares: [
    { version: 'x', weight: 1 - share },
    { version: 'y', weight: share },
  ],
}));
const unit = fc
  .record({
    version: fc.constantFrom('x', 'y'),
    epoch: fc.integer({ min: 1, max: 4 }),
    outcomes: fc.array(outcome, { maxLength: 4 }),
    expired: fc.nat(2),
    durations: fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { maxLength: 3 }),
  })
  .map((part): KeyUnit => ({
    ...part,
    windowOver: true,
    closed: true,
    predictions: 1 + part.expired + part.outcomes.reduce((sum, { count }) => sum + count, 0),
  }));
const units = fc.array(unit, { maxLength: 60 });

function compared(keys: readonly KeyUnit[], control: string, arm: string) {
  const comparison = createComparison({ task: 'classification', control, arms: [arm] });
  for (const epoch of epochs) comparison.addEpoch(epoch);
  for (const key of keys) comparison.addKey(key);
  return comparison.read();
}

test('seen from the other arm every difference is the same with another sign', () => {
  fc.assert(
    fc.property(units, (keys) => {
      const [one, other] = [compared(keys, 'x', 'y'), compared(keys, 'y', 'x')];
      const flip = (value: number | null): number | null => (value === null ? null : 0 - value);
      one.differences.forEach((difference, index) => {
        const mirror = other.differences[index];
        expectNear(
          [difference.value, difference.low, difference.high, difference.armValue],
          [flip(mirror?.value ?? null), flip(mirror?.high ?? null), flip(mirror?.low ?? null), mirror?.controlValue],
        );
      });
      expectNear(one.sampleRatio.evidence, other.sampleRatio.evidence);
    }),
  );
});

test('an interval holds its value, lies within [−1, 1] and is of no zero width', () => {
  fc.assert(
    fc.property(units, (keys) => {
      for (const { metric, value, low, high } of compared(keys, 'x', 'y').differences) {
        if (low === null || high === null || value === null) continue;
        expect(low).toBeLessThan(high);
        expect(low >= -1 && high <= 1).toBe(true);
        // A few keys at a share of 1 % may estimate what no difference can be; the interval then says anything may be.
        if (metric !== 'f1_weighted' && Math.abs(value) < 1) expect(low < value && value < high).toBe(true);
      }
    }),
  );
});

test('F1 of keys with one prediction is that of the classification report', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ actual: cls, predicted: cls }), { minLength: 1, maxLength: 60 }), (rows) => {
      const [cells, classes, confusion] = [noKeyCells(), new Map() as ClassIndex, confusionAlgebra.create()];
      for (const row of rows) {
        addKeyCells(cells, classes, [row], 1);
        confusionAlgebra.record(confusion, row);
      }
      const f1 = weightedF1([[cells, 1]], classes);
      expectNear(f1?.value, classificationReport(confusion).metrics.f1_weighted.value);
    }),
  );
});

test('the variance of F1 is that of its slopes, key by key', () => {
  const keys = fc.array(fc.array(outcome, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(keys, fc.constantFrom(1, 0.25), (tables, weight) => {
      const classes: ClassIndex = new Map();
      const labelled = (table: (typeof tables)[number]): number => table.reduce((sum, { count }) => sum + count, 0);
      const all = noKeyCells();
      for (const table of tables) addKeyCells(all, classes, table, labelled(table));
      const whole = weightedF1([[all, weight]], classes);
      if (whole === undefined) throw new Error('no key');
      // The slope by a key: F1 with a little more of it, less F1.
      const step = 1e-6;
      const slopes = tables.map((table) => {
        const own = noKeyCells();
        addKeyCells(own, classes, table, labelled(table));
        const more = weightedF1(
          [
            [all, weight],
            [own, step],
          ],
          classes,
        );
        return ((more?.value as number) - whole.value) / step;
      });
      const variance = slopes.reduce((sum, slope) => sum + (weight * slope) ** 2, 0);
      expect(Math.abs(whole.variance - variance)).toBeLessThan(1e-3 * Math.max(variance, 1e-3));
    }),
  );
});

test('bounds of a latency are those of every threshold by itself, to the 1 % of its bins', () => {
  const key = fc.array(fc.double({ min: 0.001, max: 10, noNaN: true }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(fc.array(key, { minLength: 1, maxLength: 200 }), fc.constantFrom(0.5, 0.95), (keys, p) => {
      const sums = noLatencySteps();
      for (const durations of keys) addLatency(sums, durations);
      const { low, high } = latencyBounds([[sums, 1]], p, 0.05);
      const verdictAt = (threshold: number): number => {
        const shares = keys.map((own) => own.filter((seconds) => seconds > threshold).length / own.length - (1 - p));
        const excess = shares.reduce((sum, share) => sum + share, 0);
        const squares = shares.reduce((sum, share) => sum + share * share, 0);
        return isBeyond(excess, squares, 0.05) ? 1 : isBeyond(-excess, squares, 0.05) ? -1 : 0;
      };
      if (low !== null) expect(verdictAt(low / 1.011)).toBe(1);
      if (high !== null) expect(verdictAt(high * 1.011)).toBe(-1);
      if (low !== null && high !== null) expect(low).toBeLessThanOrEqual(high);
    }),
  );
});

test('the boundary is where the mixture reaches 1/α, and grows with the squares', () => {
  const squares = fc.double({ min: 0, max: 50_000, noNaN: true });
  fc.assert(
    fc.property(squares, squares, fc.constantFrom(0.05, 0.025, 0.0005), (v, w, alpha) => {
      const reach = mixtureBoundary(v, alpha);
      expect(Math.abs(logMixture(reach, v) + Math.log(alpha))).toBeLessThan(1e-6);
      expect([isBeyond(1.0001 * reach, v, alpha), isBeyond(0.9999 * reach, v, alpha)]).toEqual([true, false]);
      if (w > v + 1) expect(mixtureBoundary(w, alpha)).toBeGreaterThan(reach);
      expect(reach).toBeGreaterThan(Math.sqrt(2 * v * -Math.log(alpha)));
    }),
  );
});

test('the sample ratio bets fairly: its evidence, over all ways keys can fall, has mean 1', () => {
  const share = fc.double({ min: 0.05, max: 0.95, noNaN: true });
  fc.assert(
    fc.property(share, share, fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }), (p, q, n, m) => {
      let mean = 0;
      for (let k = 0; k <= n; k++)
        for (let l = 0; l <= m; l++) {
          const { evidence } = sampleRatio([
            { expected: [p, 1 - p], keys: [k, n - k] },
            { expected: [q, 1 - q], keys: [l, m - l] },
          ]);
          mean += evidence * binomial(n, k, p) * binomial(m, l, q);
        }
      expect(mean).toBeCloseTo(1, 8);
    }),
    { numRuns: 50 },
  );
});

function binomial(n: number, k: number, p: number): number {
  let ways = 1;
  for (let index = 0; index < k; index++) ways *= (n - index) / (index + 1);
  return ways * p ** k * (1 - p) ** (n - k);
}
