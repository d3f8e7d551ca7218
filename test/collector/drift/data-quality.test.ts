/** The rates of faults against those of the reference. */
import { judgeQuality, type QualityCounts } from '../../../collector/src/drift/data-quality.ts';

const CLEAN: QualityCounts = { rows: 1_000, missing: 0, type: 0, range: 0, unseen: 0, distinct: 2 };
const REFERENCE = { rows: 10_000, missing: 500, topShare: 0.2 };
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

test.each([
  ['one value where the reference has many', 100, 1, 0.1, true],
  ['the reference is constant too', 100, 1, 1, false],
  ['two values', 100, 2, 0.1, false],
  ['a single row', 1, 1, 0.001, false],
  ['no row', 0, 0, 0.1, false],
  ['a flag that nearly always is on: chance', 100, 1, 0.99, false],
  ['the same flag over many rows', 1_000, 1, 0.99, true],
])('constant: %s', (_name, rows, distinct, topShare, constant) => {
  expect(judgeQuality({ ...CLEAN, rows, distinct }, { ...REFERENCE, topShare }, 0.01).constant).toBe(constant);
});
