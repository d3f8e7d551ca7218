/** Tables of the simulated experiments. */
import { table, percent } from './markdown.ts';
import { ALPHA, makeRandom, runExperiment, runSplit, type Outcome } from './experiments.ts';
import { NULL_WORLDS, type World } from './experiment-worlds.ts';

/** How much is simulated. */
export interface ExperimentPlan {
  readonly seed: number;
  /** Experiments of each world without a difference, of each with one, and of each fault of the split. */
  readonly nullRuns: number;
  readonly powerRuns: number;
  readonly splitRuns: number;
}

/** What the documented tables are made of. */
export const EXPERIMENT_PLAN: ExperimentPlan = { seed: 20261125, nullRuns: 10_000, powerRuns: 60, splitRuns: 200 };

const EFFECTS = [0.01, 0.02, 0.03, 0.05] as const;
const POWER_AT = [1000, 2000, 5000, 10_000, 20_000] as const;
const SPLIT_AT = [10_000, 50_000, 200_000, 1_000_000] as const;
const LOST = [0.01, 0.02, 0.05, 0.1] as const;

/** All of them, as Markdown. */
export function experimentTables(plan: ExperimentPlan): string {
  return [
    `**No difference**, looked at after every key (F1, MAE, the split and the z-test every 50): share of ${plan.nullRuns.toLocaleString('en')} experiments with a false claim at any time. Seed ${plan.seed}.`,
    nullTable(plan),
    `**A difference** from an accuracy of 0.85, even split: share of ${plan.powerRuns} experiments with a winner by so many keys of both arms.`,
    powerTable(plan),
    `**A broken split**: an arm with weight 0.5 (or 0.1) loses a share of its keys; share of ${plan.splitRuns} experiments in which that is found by so many keys.`,
    splitTable(plan),
  ].join('\n\n');
}

/** How often each claim is made in a world, of so many runs. */
export function claims(world: World, runs: number, seed: number): Record<keyof Outcome, number> {
  const counts = { exact: 0, asymptotic: 0, expiry: 0, sampleRatio: 0, zTest: 0 };
  const random = makeRandom(seed);
  for (let run = 0; run < runs; run++)
    for (const claim of Object.keys(runExperiment(world, random)) as (keyof Outcome)[]) counts[claim]++;
  return counts;
}

function nullTable({ nullRuns, seed }: ExperimentPlan): string {
  const bound = (alpha: number): string => `≤ ${Number((100 * alpha).toFixed(1))} %`;
  const rows = NULL_WORLDS.map((world, index) => {
    const found = claims(world, nullRuns, seed + index);
    const share = (claim: keyof Outcome): string => percent(found[claim] / nullRuns);
    const regression = world.task === 'regression';
    return [
      world.name,
      world.keys.toString(),
      regression ? '–' : share('exact'),
      share('asymptotic'),
      share('expiry'),
      share('sampleRatio'),
      regression ? '–' : share('zTest'),
    ];
  });
  const stated = ['promised', '', bound(ALPHA), bound(ALPHA), bound(0.01), bound(0.001), ''];
  return table(
    ['world', 'keys', 'accuracy', 'F1 / MAE', 'label expiry', 'sample ratio', 'z-test on predictions'],
    [...rows, stated],
  );
}

function powerTable({ powerRuns, seed }: ExperimentPlan): string {
  const keys = POWER_AT[POWER_AT.length - 1] as number;
  const shapes = [
    { name: 'one prediction a key', predictions: 1, correlation: 0 },
    { name: '20 predictions a key, correlation 0.2', predictions: 20, correlation: 0.2 },
  ];
  const rows = shapes.flatMap(({ name, ...shape }, index) =>
    EFFECTS.map((effect) => {
      const world: World = { name, keys, effect, ...shape };
      const random = makeRandom(seed + 100 * (index + 1) + 1000 * effect);
      const runs = Array.from({ length: powerRuns }, () => runExperiment(world, random).exact);
      const found = runs.map((at) => at ?? Number.POSITIVE_INFINITY);
      const by = POWER_AT.map((limit) => percent(found.filter((at) => at <= limit).length / powerRuns));
      const median = found.sort((a, b) => a - b)[Math.floor(powerRuns / 2)] as number;
      return [`+${100 * effect} points, ${name}`, ...by, Number.isFinite(median) ? median.toString() : `> ${keys}`];
    }),
  );
  return table(['difference', ...POWER_AT.map((limit) => `${limit.toLocaleString('en')}`), 'median'], rows);
}

function splitTable({ splitRuns, seed }: ExperimentPlan): string {
  const limit = SPLIT_AT[SPLIT_AT.length - 1] as number;
  const rows = [0.5, 0.1].flatMap((share, index) =>
    LOST.map((lost) => {
      const random = makeRandom(seed + 1000 * (index + 1) + 1000 * lost);
      const runs = Array.from({ length: splitRuns }, () => runSplit(lost, share, limit, random));
      const found = runs.map((at) => at ?? Number.POSITIVE_INFINITY);
      const by = SPLIT_AT.map((at) => percent(found.filter((when) => when <= at).length / splitRuns));
      return [`${100 * lost} % lost of an arm with ${share}`, ...by];
    }),
  );
  return table(['fault', ...SPLIT_AT.map((at) => at.toLocaleString('en'))], rows);
}
