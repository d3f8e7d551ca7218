/** What each arm did by itself, and what is believed of it. */
import { UNMEASURED, type Measured } from '../performance/measured.ts';
import { wilsonOfMean, Z_95 } from '../performance/wilson.ts';
import { durationSketch, plainGroups, type ComparisonSums, type VersionSums } from './arm-sums.ts';
import type { BanditArm } from './bandit.ts';
import type { ArmReading, ComparedMetric } from './comparison-reading.ts';
import { weightedF1 } from './key-cells.ts';
import { weightedMean, type WeightedMean } from './moments.ts';
import { probabilityBest, type Belief } from './probability-best.ts';

/** All arms, the control first, and beliefs about them in the metric, where there are any. */
export function readArms(
  sums: ComparisonSums,
  metric: ComparedMetric,
): { readonly arms: ArmReading[]; readonly beliefs: BanditArm[] | undefined } {
  const versions = [sums.control, ...sums.arms];
  const beliefs = versions.map((version) => beliefOf(sums, version, metric));
  const known = beliefs.filter((belief) => belief !== undefined);
  const all = known.length === versions.length ? known : undefined;
  const best = all === undefined ? undefined : probabilityBest(all, metric !== 'mae');
  return {
    arms: versions.map((version, index) => readArm(sums, version, best?.[index] ?? null)),
    beliefs: all?.map((belief, index) => ({ version: versions[index] as string, belief })),
  };
}

function readArm(sums: ComparisonSums, version: string, probability: number | null): ArmReading {
  const { durations } = sums.versions.get(version) as VersionSums;
  const { n, quantile } = durationSketch.read(durations);
  const count = (part: 'keys' | 'entered'): number =>
    plainGroups(sums, version, (own) => own[part]).reduce((sum, [keys]) => sum + keys, 0);
  const outcome = weightedMean(plainGroups(sums, version, (own) => own.outcome));
  const f1 = weightedF1(
    plainGroups(sums, version, ({ cells }) => cells),
    sums.classes,
  );
  return {
    version,
    keys: count('keys'),
    expectedKeys: expectedKeys(sums, version),
    entered: count('entered'),
    labelled: outcome?.n ?? 0,
    expired: measuredShare(weightedMean(plainGroups(sums, version, (own) => own.expired))),
    metrics:
      sums.task === 'regression'
        ? { mae: measuredMean(outcome) }
        : { accuracy: measuredShare(outcome), f1_weighted: measuredShare(f1) },
    latency: { n, p50: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99) },
    probabilityBest: probability,
  };
}

/** Keys the weights expect of all keys of the epochs. */
function expectedKeys({ epochs }: ComparisonSums, version: string): number {
  let expected = 0;
  for (const { shares, arms } of epochs.values())
    for (const { keys } of arms.values()) expected += keys * (shares.get(version) ?? 0);
  return expected;
}

/** The mean as if every epoch had split evenly: each key weighs 1/its arm's share. */
function beliefOf(sums: ComparisonSums, version: string, metric: ComparedMetric): Belief | undefined {
  const inverse = (share: number): number => 1 / share;
  const mean =
    metric === 'f1_weighted'
      ? weightedF1(
          plainGroups(sums, version, ({ cells }) => cells, inverse),
          sums.classes,
        )
      : weightedMean(plainGroups(sums, version, (own) => own.outcome, inverse));
  if (metric === 'accuracy') return shareBelief(mean);
  return mean === undefined || mean.n < 2 ? undefined : { kind: 'normal', mean: mean.value, variance: mean.variance };
}

/** Successes and failures of as many independent trials as would be known so well (Kish); never more than there are keys of no spread. */
function shareBelief(mean: WeightedMean | undefined): Belief {
  if (mean === undefined) return { kind: 'share', successes: 0, failures: 0 };
  const { value, variance, n } = mean;
  const spread = value * (1 - value);
  const trials = spread > 0 && variance > 0 ? Math.min(spread / variance, Number.MAX_SAFE_INTEGER) : n;
  return { kind: 'share', successes: value * trials, failures: (1 - value) * trials };
}

function measuredShare(mean: WeightedMean | undefined): Measured {
  if (mean === undefined) return UNMEASURED;
  const { value, variance, n } = mean;
  return { value, n, ...wilsonOfMean(value, variance, n), method: 'wilson' };
}

function measuredMean(mean: WeightedMean | undefined): Measured {
  if (mean === undefined) return UNMEASURED;
  const { value, variance, n } = mean;
  if (n < 2) return { value, n, low: null, high: null };
  // Of one sample less than there are: the spread is about the samples' own mean.
  const reach = Z_95 * Math.sqrt((variance * n) / (n - 1));
  return { value, n, low: Math.max(0, value - reach), high: value + reach, method: 'normal' };
}
