/** A small, seeded part of `test/simulation/run.ts`: false alarms keep to α, stated shifts are seen, the tables hold their place. */
import { STATISTICS } from '../../../collector/src/drift/statistics.ts';
import { placeBetween } from '../../simulation/markdown.ts';
import { simulationTables } from '../../simulation/verdict-tables.ts';
import { falseAlarmBound, falseAlarms, longRun, power } from '../../simulation/verdicts.ts';

test.each([
  [50, 50, 5],
  [200, 300, 20],
  [600, 1_000, 20],
])('%i rows against %i in %i bins: every statistic keeps to α', (n, m, bins) => {
  const runs = 100;
  const alarms = falseAlarms({ n, m, bins }, STATISTICS, runs, 5);
  expect([...alarms.keys()]).toEqual([...STATISTICS]);
  for (const [statistic, share] of alarms)
    expect([statistic, share <= falseAlarmBound(0.01, runs)]).toEqual([statistic, true]);
});

test('L∞ over fine quantile bins keeps to α, where the normal limit would alarm three times too often', () => {
  const share = falseAlarms({ n: 1_000, m: 1_000, bins: 50 }, ['linf'], 600, 5).get('linf');
  expect(share).toBeLessThanOrEqual(falseAlarmBound(0.01, 600));
});

test('100 windows against one reference: alarms are few, and hardly any lasts', () => {
  const { byP, byVerdict, anyByVerdict, anyLasting } = longRun({ n: 300, m: 2_000, bins: 20 }, 100, 8, 2);
  expect(byP).toBeLessThan(0.02);
  expect(byVerdict).toBeLessThanOrEqual(byP);
  expect(anyByVerdict).toBeGreaterThan(0);
  expect(anyLasting).toBeLessThanOrEqual(0.2);
});

test('power grows with the shift and with the rows', () => {
  const [small, large] = [
    { n: 200, m: 1_000, bins: 20 },
    { n: 2_000, m: 2_000, bins: 20 },
  ];
  expect(power(small, 'ks', 0.2, 60, 1)).toBeLessThan(power(large, 'ks', 0.2, 60, 1));
  expect(power(large, 'ks', 0.2, 60, 1)).toBeGreaterThan(0.95);
  expect(power(small, 'wasserstein', 0.5, 30, 1)).toBe(1);
  expect(power(large, 'ks', 0.02, 60, 1)).toBeLessThanOrEqual(0.1);
});

test('tables are the same again for a seed, and go between their markers', () => {
  const plan = {
    ...{ seed: 1, runs: 10, largeRuns: 5, series: 2, powerRuns: 5, shifts: [0.5] },
    ...{ sizes: [[60, 60]] as const, bins: [5], longRuns: [[60, 60]] as const },
  };
  const tables = simulationTables(plan);
  expect(simulationTables(plan)).toBe(tables);
  expect(tables.match(/^\| ---/gm)).toHaveLength(3);
  const page = placeBetween('a <!-- x -->stale<!-- /x --> b', 'x', tables);
  expect(page).toContain(tables);
  expect(page).not.toContain('stale');
  expect(placeBetween(page, 'x', tables)).toBe(page);
  expect(() => placeBetween('a', 'x', tables)).toThrow('no <!-- x -->');
});
