/** Whether verdicts keep their promise: how often they alarm without drift, and how often they see a stated shift. */
import { testFeature, type FeatureWindow } from '../../collector/src/drift/feature-tests.ts';
import { createPersistence } from '../../collector/src/drift/persistence.ts';
import type { Statistic } from '../../collector/src/drift/statistics.ts';
import { judgeWindow, type DriftPolicy } from '../../collector/src/drift/verdict.ts';
import { windowOfSamples } from '../../collector/src/drift/windows.ts';
import { makeNormal, makeUniform } from './random.ts';

/** The defaults of a monitor, but for the minimum: sizes below it are simulated too. */
export const POLICY: DriftPolicy = { threshold: 0.05, alpha: 0.01, minimum: 2, nullCalibration: true, seed: 1 };
/** Tables drawn where counts are small: fewer than a monitor draws, so that the simulation ends; p stays valid. */
const DRAWS = 299;

/** Rows of the window, rows of the reference and bins. */
export interface Cell {
  readonly n: number;
  readonly m: number;
  readonly bins: number;
}

/** What is drawn: standard normal rows, those of the window moved by `shift` standard deviations. */
function drawWindow({ n, m, bins }: Cell, normal: () => number, shift = 0): FeatureWindow {
  const reference = Float64Array.from({ length: m }, normal);
  return windowOfSamples(
    'x',
    reference,
    Float64Array.from({ length: n }, () => normal() + shift),
    bins,
  );
}

/** The largest share of false alarms that chance lets pass for α: three Monte-Carlo standard errors above it. */
export function falseAlarmBound(alpha: number, runs: number): number {
  return alpha + 3 * Math.sqrt((alpha * (1 - alpha)) / runs);
}

/**
 * Share of windows without drift in which p ≤ α, by statistic; the reference is drawn anew for each, and its quantiles are the
 * bins, as in a monitor. Wasserstein here informs, by its moments; `decidingAlarms` has the one that decides.
 */
export function falseAlarms(
  cell: Cell,
  statistics: readonly Statistic[],
  runs: number,
  seed: number,
): Map<Statistic, number> {
  const normal = makeNormal(makeUniform(seed));
  const [numeric, ...informing] = statistics as [Statistic, ...Statistic[]];
  const alarms = new Map<Statistic, number>();
  for (let run = 0; run < runs; run++) {
    const window = drawWindow(cell, normal);
    // Another seed for each run: draws that all runs share would make their errors one.
    const { tests } = testFeature(window, { ...POLICY, numeric, informing, draws: DRAWS, seed: seed + run });
    for (const { statistic, pValue } of tests) {
      alarms.set(statistic, (alarms.get(statistic) ?? 0) + Number(pValue <= POLICY.alpha) / runs);
    }
  }
  return alarms;
}

/** What one reference and many windows without drift make of the verdicts. */
export interface LongRun {
  /** Share of the windows with p ≤ α, and with the whole verdict (which wants the threshold exceeded too). */
  readonly byP: number;
  readonly byVerdict: number;
  /** Share of the series of windows with any such window, and with drift that lasts (2 of 3). */
  readonly anyByP: number;
  readonly anyByVerdict: number;
  readonly anyLasting: number;
}

/** Follows series of windows against one reference each, Kolmogorov–Smirnov deciding. */
export function longRun(cell: Cell, windows: number, series: number, seed: number): LongRun {
  const normal = makeNormal(makeUniform(seed));
  const persistence = createPersistence();
  let [byP, byVerdict, anyByP, anyByVerdict, anyLasting] = [0, 0, 0, 0, 0];
  for (let each = 0; each < series; each++) {
    const reference = Float64Array.from({ length: cell.m }, normal);
    const lasting = persistence.create();
    let [p, verdicts, lasted] = [0, 0, false];
    for (let index = 0; index < windows; index++) {
      const rows = Float64Array.from({ length: cell.n }, normal);
      const window = windowOfSamples('x', reference, rows, cell.bins);
      const { verdict, features } = judgeWindow([window], { ...POLICY, informing: [] });
      p += Number((features[0]?.tests[0]?.p_value ?? 1) <= POLICY.alpha);
      verdicts += Number(verdict === 'drifted');
      persistence.record(lasting, verdict);
      lasted ||= persistence.read(lasting).verdict === 'drifted';
    }
    byP += p / (windows * series);
    byVerdict += verdicts / (windows * series);
    anyByP += Number(p > 0) / series;
    anyByVerdict += Number(verdicts > 0) / series;
    anyLasting += Number(lasted) / series;
  }
  return { byP, byVerdict, anyByP, anyByVerdict, anyLasting };
}

/** Share of windows judged `drifted` at a shift of the mean, by the statistic that decides. */
export function power(cell: Cell, numeric: Statistic, shift: number, runs: number, seed: number): number {
  const normal = makeNormal(makeUniform(seed));
  let drifted = 0;
  for (let run = 0; run < runs; run++) {
    const policy = { ...POLICY, numeric, informing: [], draws: DRAWS, seed: seed + run };
    drifted += Number(judgeWindow([drawWindow(cell, normal, shift)], policy).verdict === 'drifted');
  }
  return drifted / runs;
}
