/** What a drift policy may say: who decides, which direction counts, how features weigh, and how long drift must last. */
import { resolvePolicy } from '../../../collector/src/drift/policy-checks.ts';
import { createPersistence } from '../../../collector/src/drift/persistence.ts';
import { STATISTICS, type BinnedStatistic } from '../../../collector/src/drift/statistics.ts';
import { around, POLICY } from './support/windows.ts';
import { judgeWindow, type DriftPolicy, type Verdict } from '../../../collector/src/drift/verdict.ts';
import { windowOfCounts, windowOfSamples } from '../../../collector/src/drift/windows.ts';
import type { FeatureWindow } from '../../../collector/src/drift/feature-tests.ts';

const calm = windowOfSamples('calm', around(0, 1500), around(0));
const risen = windowOfSamples('load', around(0, 1500), around(0.3));
const fallen = windowOfSamples('load', around(0, 1500), around(-0.3));
const wider = windowOfSamples('load', around(0, 1500), around(0, 1000, 2));

function verdictOf(window: FeatureWindow, policy: Partial<DriftPolicy>): Verdict {
  return judgeWindow([window], { ...POLICY, ...policy }).features[0]?.verdict as Verdict;
}

describe('who decides', () => {
  test.each(STATISTICS)('%s can decide a numeric feature: it stands first, with its own threshold', (numeric) => {
    const [{ tests, verdict }] = judgeWindow([risen], { ...POLICY, numeric }).features as never as [
      { tests: { statistic: string; decides: boolean; threshold: number; drifted: boolean }[]; verdict: Verdict },
    ];
    expect(tests.map(({ decides }) => decides)).toEqual([true, false, false, false, false, false, false]);
    expect(new Set(tests.map(({ statistic }) => statistic)).size).toBe(7);
    const threshold = { ks: 0.05, js: 0.05, chi2: 0 }[numeric as string] ?? 0.1;
    expect(tests[0]).toMatchObject({ statistic: numeric, threshold, drifted: true });
    expect(verdict).toBe('drifted');
    expect(verdictOf(calm, { numeric })).toBe('stable');
  });

  test.each(['js', 'psi', 'chi2', 'hellinger', 'linf'] satisfies BinnedStatistic[])(
    '%s of categories',
    (categorical) => {
      const moved = windowOfCounts('day', new Map(Object.entries({ a: 500, b: 500 })), new Map([['b', 400]]));
      expect(verdictOf(moved, { categorical })).toBe('drifted');
      const same = windowOfCounts(
        'day',
        new Map(Object.entries({ a: 500, b: 500 })),
        new Map(Object.entries({ a: 250, b: 250 })),
      );
      expect(verdictOf(same, { categorical })).toBe('stable');
    },
  );

  test('thresholds are per statistic; the general one is that of ks and js', () => {
    expect(verdictOf(risen, { numeric: 'wasserstein', thresholds: { wasserstein: 5 } })).toBe('stable');
    expect(verdictOf(risen, { numeric: 'ks', threshold: 0.9 })).toBe('stable');
    expect(verdictOf(risen, { numeric: 'ks', threshold: 0.9, thresholds: { ks: 0.01 } })).toBe('drifted');
    expect(verdictOf(risen, { numeric: 'psi', threshold: 0.9 })).toBe('drifted');
  });

  test('chi-square is judged by its p also where the null calibration is off', () => {
    expect(verdictOf(calm, { numeric: 'chi2', nullCalibration: false })).toBe('stable');
    expect(verdictOf(risen, { numeric: 'chi2', nullCalibration: false })).toBe('drifted');
  });

  test('informing statistics can be left out', () => {
    const [feature] = judgeWindow([risen], { ...POLICY, informing: ['psi'] }).features;
    expect(feature?.tests.map(({ statistic }) => statistic)).toEqual(['ks', 'psi']);
    expect(judgeWindow([risen], { ...POLICY, informing: [] }).features[0]?.tests).toHaveLength(1);
  });
});

describe('direction', () => {
  test('a move the other way is reported and not drift', () => {
    const [bad] = judgeWindow([risen], { ...POLICY, directions: { load: 'increase' } }).features;
    expect(bad).toMatchObject({ verdict: 'drifted', direction: { counts: 'increase', moved: 'increase' } });
    const [good] = judgeWindow([fallen], { ...POLICY, directions: { load: 'increase' } }).features;
    expect(good).toMatchObject({ verdict: 'stable', direction: { counts: 'increase', moved: 'decrease' } });
    expect(good?.direction?.superiority).toBeLessThan(-0.3);
    expect(good?.tests[0]?.drifted).toBe(true);
    expect(verdictOf(fallen, { directions: { load: 'decrease' } })).toBe('drifted');
  });

  test('a change of spread moves the location nowhere', () => {
    expect(verdictOf(wider, {})).toBe('drifted');
    const [feature] = judgeWindow([wider], { ...POLICY, directions: { load: 'increase' } }).features;
    expect(feature).toMatchObject({ verdict: 'stable', direction: { moved: 'none' } });
  });

  test('without rows there is no direction, and categories have none', () => {
    const empty = windowOfSamples('load', around(0), []);
    expect(judgeWindow([empty], { ...POLICY, directions: { load: 'increase' } }).features[0]).toMatchObject({
      verdict: 'insufficient_data',
      direction: { moved: 'none', superiority: null, p_value: null },
    });
    const day = windowOfCounts('day', new Map([['a', 500]]), new Map([['b', 500]]));
    const [feature] = judgeWindow([day], { ...POLICY, directions: { day: 'increase' } }).features;
    expect(feature?.verdict).toBe('drifted');
    expect(feature).not.toHaveProperty('direction');
    expect(judgeWindow([risen], { ...POLICY, directions: {} }).features[0]).not.toHaveProperty('direction');
  });
});

describe('the data set', () => {
  const few = windowOfSamples('few', around(0), around(3, 20));

  test('any drifted feature makes the window drifted; its share is that of the judged ones', () => {
    expect(judgeWindow([risen, calm, few], POLICY)).toMatchObject({ verdict: 'drifted', drifted_share: 0.5 });
    expect(judgeWindow([calm, few], POLICY)).toMatchObject({ verdict: 'stable', drifted_share: 0 });
    expect(judgeWindow([few], POLICY)).toMatchObject({ verdict: 'insufficient_data', drifted_share: null });
  });

  test('importance weighs the features', () => {
    const weighed = (load: number, importanceShare: number): unknown =>
      judgeWindow([risen, calm], { ...POLICY, importance: { load, calm: 3 }, importanceShare });
    expect(weighed(1, 0)).toMatchObject({ verdict: 'drifted', drifted_share: 0.25 });
    expect(weighed(1, 0.25)).toMatchObject({ verdict: 'stable', drifted_share: 0.25 });
    expect(weighed(9, 0.5)).toMatchObject({ verdict: 'drifted', drifted_share: 0.75 });
    expect(weighed(0, 0)).toMatchObject({ verdict: 'stable', drifted_share: 0 });
  });

  test('a feature that is not listed weighs nothing, whatever objects inherit', () => {
    const odd = windowOfSamples('toString', around(0, 1500), around(0.3));
    expect(judgeWindow([odd, calm], { ...POLICY, importance: { calm: 1 } }).verdict).toBe('stable');
    expect(judgeWindow([odd], { ...POLICY, importance: { calm: 1 } })).toMatchObject({
      verdict: 'insufficient_data',
      drifted_share: null,
    });
  });
});

describe('persistence', () => {
  function lasting(...verdicts: Verdict[]): unknown {
    const machine = createPersistence();
    const state = machine.create();
    for (const verdict of verdicts) machine.record(state, verdict);
    return machine.read(machine.parse(JSON.parse(JSON.stringify(machine.serialise(state)))));
  }

  test('two of the last three', () => {
    expect(lasting()).toEqual({ verdict: 'insufficient_data', drifted: 0, windows: 0 });
    expect(lasting('drifted')).toEqual({ verdict: 'stable', drifted: 1, windows: 1 });
    expect(lasting('drifted', 'drifted')).toMatchObject({ verdict: 'drifted' });
    expect(lasting('drifted', 'stable', 'drifted')).toMatchObject({ verdict: 'drifted', drifted: 2 });
    expect(lasting('drifted', 'drifted', 'stable', 'stable')).toMatchObject({
      verdict: 'stable',
      drifted: 1,
      windows: 3,
    });
  });

  test('a window without enough data takes its place and does not count', () => {
    expect(lasting('drifted', 'insufficient_data', 'insufficient_data', 'drifted')).toMatchObject({
      verdict: 'stable',
    });
    expect(lasting('drifted', 'insufficient_data', 'drifted')).toMatchObject({ verdict: 'drifted' });
    expect(lasting('insufficient_data', 'insufficient_data')).toMatchObject({ verdict: 'insufficient_data' });
  });

  test('refuses numbers that cannot be asked for and foreign states', () => {
    for (const [needed, of] of [
      [0, 3],
      [4, 3],
      [1.5, 3],
      [2, NaN],
      [1, 10_000],
      ['2', 3],
    ] as [number, number][]) {
      expect(() => createPersistence({ needed, of })).toThrow('drift.persistence');
    }
    const machine = createPersistence();
    const own = createPersistence({ needed: 1, of: 3 }).serialise({ last: [] });
    for (const foreign of [own, null, { ...own, data: null }, { ...own, data: { needed: 2, of: 3, last: ['odd'] } }]) {
      expect(() => machine.parse(foreign)).toThrow(expect.objectContaining({ code: 'foreign_state' }));
    }
  });
});

test.each([
  ['numeric', { numeric: 'mmd' }],
  ['categorical', { categorical: 'ks' }],
  ['informing', { informing: ['psi', 'x'] }],
  ['informing', { informing: 'psi' }],
  ['thresholds', { thresholds: { x: 1 } }],
  ['thresholds.ks', { thresholds: { ks: NaN } }],
  ['thresholds.psi', { thresholds: { psi: -1 } }],
  ['thresholds', { thresholds: [] }],
  ['directions.a', { directions: { a: 'up' } }],
  ['importance.a', { importance: { a: Infinity } }],
  ['importance', { importance: null }],
  ['importanceShare', { importanceShare: 1 }],
  ['persistence', { persistence: { needed: 3, of: 2 } }],
])('a bad policy is refused by name: drift.%s', (field, change) => {
  const check = (): DriftPolicy => resolvePolicy({ ...POLICY, ...change } as unknown as DriftPolicy);
  expect(check).toThrow(`drift.${field}`);
  expect(check).toThrow(expect.objectContaining({ code: 'invalid_configuration' }));
  expect(() => resolvePolicy(POLICY)).not.toThrow();
});
