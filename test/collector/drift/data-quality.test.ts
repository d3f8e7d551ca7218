/** The rates of faults against those of the reference. */
import { judgeQuality, type QualityCounts } from '../../../collector/src/drift/data-quality.ts';

const CLEAN: QualityCounts = { rows: 1_000, missing: 0, type: 0, range: 0, unseen: 0, distinct: 2 };
const REFERENCE = { rows: 10_000, missing: 500, distinct: 2 };
const missing = (count: number, rows = 1_000) =>
  judgeQuality({ ...CLEAN, rows, missing: count }, REFERENCE, 0.01).faults.find(({ fault }) => fault === 'missing');

test.each([
  ['as in the reference', 50, 1_000, false],
  ['fewer', 0, 1_000, false],
  ['more, but by less than a percentage point', 5_900, 100_000, false],
  ['more, but it may be chance', 2, 20, false],
  ['more', 100, 1_000, true],
  ['all', 1_000, 1_000, true],
])('missing values: %s', (_name, count, rows, worse) => {
  expect(missing(count, rows)?.worse).toBe(worse);
});

test("p is Pearson's, as scipy.stats.chi2_contingency([[100, 900], [500, 9500]], correction=False)", () => {
  expect(missing(100)?.p_value).toBeCloseTo(3.167569117711109e-11, 20);
  expect(missing(100)).toMatchObject({ rate: 0.1, reference_rate: 0.05 });
});

test('no rows: nothing can be said, and nothing is worse', () => {
  const { faults, constant } = judgeQuality({ ...CLEAN, rows: 0, distinct: 0 }, REFERENCE, 0.01);
  expect(faults.map(({ rate, p_value, worse }) => [rate, p_value, worse])).toEqual(Array(4).fill([null, null, false]));
  expect(constant).toBe(false);
});

test('constant counts where the reference is not, and not for a single value', () => {
  const constant = (rows: number, distinct: number, before: number) =>
    judgeQuality({ ...CLEAN, rows, distinct }, { ...REFERENCE, distinct: before }, 0.01).constant;
  expect([constant(100, 1, 2), constant(100, 1, 1), constant(100, 2, 2), constant(1, 1, 2)]).toEqual([
    true,
    false,
    false,
    false,
  ]);
});
