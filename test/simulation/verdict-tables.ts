/** The simulation of the verdicts as Markdown. */
import { STATISTICS, type Statistic } from '../../collector/src/drift/statistics.ts';
import { percent, table } from './markdown.ts';
import { falseAlarmBound, falseAlarms, longRun, power, POLICY, type Cell } from './verdicts.ts';

/** How much is simulated. */
export interface SimulationPlan {
  readonly seed: number;
  /** Windows per cell of the table of false alarms, and from 10,000 rows on. */
  readonly runs: number;
  readonly largeRuns: number;
  readonly sizes: readonly (readonly [n: number, m: number])[];
  readonly bins: readonly number[];
  readonly longRuns: readonly (readonly [n: number, m: number])[];
  readonly series: number;
  readonly powerRuns: number;
  readonly shifts: readonly number[];
}

/** The published tables: a few minutes. */
export const PLAN: SimulationPlan = {
  seed: 20261124,
  runs: 1_000,
  largeRuns: 400,
  sizes: [
    [50, 50],
    [50, 10_000],
    [200, 1_000],
    [1_000, 1_000],
    [5_000, 10_000],
    [10_000, 10_000],
  ],
  bins: [5, 20, 50],
  longRuns: [
    [200, 1_000],
    [1_000, 10_000],
    [5_000, 10_000],
  ],
  series: 100,
  powerRuns: 200,
  shifts: [0.05, 0.1, 0.2, 0.5],
};

/** Kolmogorov–Smirnov and Wasserstein take the values themselves: bins make no difference to them. */
const UNBINNED: readonly Statistic[] = ['ks', 'wasserstein'];
const BINNED = STATISTICS.filter((statistic) => !UNBINNED.includes(statistic));
const DECIDERS: readonly Statistic[] = ['ks', 'wasserstein', 'psi', 'chi2'];

/** All tables. Deterministic by the seed of the plan. */
export function simulationTables(plan: SimulationPlan): string {
  return [falseAlarmTable(plan), longRunTable(plan), powerTable(plan)].join('\n\n');
}

function runsOf({ n, m }: Cell, { runs, largeRuns }: SimulationPlan): number {
  return n + m >= 10_000 ? largeRuns : runs;
}

function falseAlarmTable(plan: SimulationPlan): string {
  const rows = plan.sizes.flatMap(([n, m], index) =>
    plan.bins.map((bins, which): string[] => {
      const cell = { n, m, bins };
      const runs = runsOf(cell, plan);
      const seed = plan.seed + 1_000_000 * (index * plan.bins.length + which);
      const measured = falseAlarms(cell, which === 0 ? STATISTICS : BINNED, runs, seed);
      const bound = falseAlarmBound(POLICY.alpha, runs);
      const shown = STATISTICS.map((statistic) => {
        const share = measured.get(statistic);
        if (share === undefined) return '';
        return share > bound ? `**${percent(share)}**` : percent(share);
      });
      return [`${n} against ${m}, ${bins} bins`, ...shown, percent(bound)];
    }),
  );
  const head = ['no drift: share of windows with p ≤ 0.01', ...STATISTICS, 'α + 3 SE'];
  return `Standard normal rows, a fresh reference for each window, its quantiles as bins; bold is above α + 3 standard errors.\n\n${table(head, rows)}`;
}

function longRunTable({ longRuns, series, seed }: SimulationPlan): string {
  const rows = longRuns.map(([n, m]): string[] => {
    const { byP, byVerdict, anyByP, anyByVerdict, anyLasting } = longRun({ n, m, bins: 20 }, 100, series, seed + n);
    return [`${n} against ${m}`, ...[byP, byVerdict, anyByP, anyByVerdict, anyLasting].map(percent)];
  });
  const head = [
    '100 windows against one reference, no drift',
    'windows with p ≤ 0.01',
    'windows drifted',
    'any p ≤ 0.01 in 100',
    'any drifted in 100',
    'any lasting (2 of 3)',
  ];
  return `Kolmogorov–Smirnov deciding, ${series} references; drifted also wants a distance above 0.05. Windows that share a reference share its luck: p ≤ 0.01 then comes in clusters.\n\n${table(head, rows)}`;
}

function powerTable({ longRuns, shifts, powerRuns, seed }: SimulationPlan): string {
  const rows = longRuns.flatMap(([n, m]) =>
    DECIDERS.map((statistic) => [
      `${n} against ${m}, ${statistic} decides`,
      ...shifts.map((shift, index) =>
        percent(power({ n, m, bins: 20 }, statistic, shift, powerRuns, seed + 7 * index + n)),
      ),
    ]),
  );
  const head = ['mean moved by so many standard deviations: share of windows drifted', ...shifts.map(String)];
  return `Default thresholds: small shifts of large windows are meant to pass (Kolmogorov–Smirnov distance 0.05 is a shift of 0.125).\n\n${table(head, rows)}`;
}
